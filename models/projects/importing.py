"""Stores a hazard log that was read from a file: all of it, or nothing unless skipping was asked for."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from hashlib import sha256
from typing import Any, BinaryIO
from uuid import UUID

import sqlalchemy as sa

from errors import Conflict, FieldProblem, Invalid
from exchange.hazard_log import read_hazard_log
from exchange.records import HazardLog, LoggedHazard, Problem, Rating
from models.audit import audit
from models.audit.audit import Actor, Change
from models.enumerations import HazardStatus, Stage
from models.hazards import hazard_additions
from models.hazards.hazard_additions import NewControl, NewHazard, NewRating
from models.hazards.hazard_parts import plain
from models.projects import projects
from models.projects.imports import Import
from models.projects.projects import VisibleProject
from models.risk.risk_matrix import MATRICES
from models.storage import collector
from models.storage.database import database

IMPORTS = Import.ormar_config.table
MOST_SHOWN = 100
"""Problems that one answer lists; who has more will not read them all at once."""
OWN_RATING = "Row {row}: the {stage} rating is kept as text ({recorded}). A person has to assess it."
LEFT_OPEN = (
    "Row {row}: {status} in the file and open in the log, as only an owner or Clinical Safety Officer closes or "
    "transfers a hazard. What the file says is kept as text."
)
DISAGREEMENT = "Row {row}: the {stage} level is {stored} in the file and {derived} by the matrix; both are kept."
LONGEST_NAME = 255
"""Characters of the name of a file; file systems allow no more."""


class OnProblem(StrEnum):
    """What a row that cannot be read does to the others; with `check` nothing is stored, whatever was read."""

    REFUSE = "refuse"
    SKIP = "skip"
    CHECK = "check"


class OnlyChecked(Conflict):
    code = "ONLY_CHECKED"
    title = "The file was checked and nothing was stored"


class ImportedBefore(Conflict):
    """`import_id` names the earlier import, which has the report."""

    code = "IMPORTED_BEFORE"
    title = "This file was imported before"
    detail = (
        "This very file was imported into this project before. Look at the report of that import. Nothing was changed."
    )

    def __init__(self, import_id: UUID) -> None:
        super().__init__()
        self.import_id = import_id


@dataclass(frozen=True)
class LogFile:
    """A hazard log, which bytes it was read from, and its hazards as they will be stored."""

    name: str
    sha256: str
    log: HazardLog
    hazards: Sequence[NewHazard]
    left_open: Sequence[LoggedHazard] = ()
    """Those that the file has closed or transferred, and that come in open."""


@collector.seldom()
def read(file: BinaryIO, name: str, layout: str | None, *, may_close: bool = False) -> LogFile:
    """Pure computation, some seconds for a large log. HazardLogRefused when nothing can be read.

    Every hazard comes in open, unless who imports may change a status (`may_close`): a file must not do for them what
    they may not do themselves.
    """
    log = read_hazard_log(file, name, layout)
    left_open = [] if may_close else [hazard for hazard in log.hazards if hazard.status is not HazardStatus.OPEN]
    if left_open:
        log = replace(log, hazards=tuple(map(opened, log.hazards)))
    file.seek(0)
    shown = "".join(character for character in name if character.isprintable())[:LONGEST_NAME]
    hazards = [new_hazard(hazard) for hazard in log.hazards]
    return LogFile(shown, sha256(file.read()).hexdigest(), log, hazards, left_open)


def opened(logged: LoggedHazard) -> LoggedHazard:
    """What the file says of its status then stands among what has no field."""
    if logged.status is HazardStatus.OPEN:
        return logged
    said = ("Status in the file", logged.status_justification or logged.status.value)
    return replace(logged, status=HazardStatus.OPEN, status_justification="", recorded=(*logged.recorded, said))


async def store(actor: Actor, project: VisibleProject, file: LogFile, on_problem: OnProblem) -> UUID:
    """Add the hazards of a log to a project; the key of the import, which keeps its report.

    Invalid with every problem when a row could not be read and skipping was not asked for, or would leave nothing;
    ImportedBefore when this very file was imported into the project before; OnlyChecked when no more was asked for.
    """
    if on_problem is OnProblem.CHECK:
        await refuse_twice(project.id, file.sha256)
        raise checked(report_of(file.log, project.matrix_version, file.left_open))
    if file.log.problems and (on_problem is OnProblem.REFUSE or not file.hazards):
        raise refusal(file.log.problems)
    report = report_of(file.log, project.matrix_version, file.left_open)
    kept = {"file_name": file.name, "sha256": file.sha256, "layout": file.log.layout}
    kept |= {name: report[name] for name in ("imported", "skipped")}
    # Rows of thousands of hazards are no garbage; the collector would look through them again and again.
    with collector.seldom():
        async with database.transaction():
            await projects.lock(project.id)
            await refuse_twice(project.id, file.sha256)
            await hazard_additions.create(actor, project.id, file.hazards, imported=True)
            record = await Import.objects.create(project=project.id, report=report, created_by=actor.user_id, **kept)
            await audit.append(actor, Change("import:create", "import", record.id, project.id, after=kept))
    return record.id


def checked(report: Mapping[str, Any]) -> OnlyChecked:
    """What an import would report, without one."""
    said = lines_of(report)
    unread = f"; {report['skipped']:,} cannot be read" if report["skipped"] else ""
    told = [f"{report['imported']:,} hazards can be imported by the layout {report['recognised_layout']}{unread}"]
    if report["left_open"]:
        told.append(f"{len(report['left_open']):,} that are closed or transferred in the file would come in open")
    own, differing = len(report["to_assess"]), len(report["disagreements"])
    told.append(
        f"{own:,} ratings would have to be assessed by a person, and {differing:,} levels differ from the matrix"
    )
    detail = f"Nothing is stored yet. {'. '.join(told)}."
    return OnlyChecked(detail, problems=listed(said or ["Every row can be read as it is."], "finding"))


def lines_of(report: Mapping[str, Any]) -> list[str]:
    """Everything that a report tells of single rows and columns, the worst first."""
    problems, notes = ([sentence(Problem(**one)) for one in report[kind]] for kind in ("problems", "notes"))
    own = [OWN_RATING.format_map(one) for one in report.get("to_assess", ())]
    left_open = [LEFT_OPEN.format_map(one) for one in report.get("left_open", ())]
    return [*problems, *left_open, *own, *(DISAGREEMENT.format_map(one) for one in report["disagreements"]), *notes]


def listed(sentences: Sequence[str], what: str) -> list[FieldProblem]:
    shown = [FieldProblem("file", said) for said in sentences[:MOST_SHOWN]]
    more = len(sentences) - len(shown)
    if more:
        shown.append(FieldProblem("file", f"And {more:,} more {what if more == 1 else what + 's'}"))
    return shown


def refusal(problems: Sequence[Problem]) -> Invalid:
    shown = listed([sentence(problem) for problem in problems], "problem")
    count = "1 problem" if len(problems) == 1 else f"{len(problems):,} problems"
    detail = f"The file has {count}, so nothing was stored. Mend the file, or ask to skip what cannot be read."
    return Invalid(detail, problems=shown)


def sentence(problem: Problem) -> str:
    place = ", ".join(part for part in (f"Row {problem.row}" if problem.row else "", problem.column) if part)
    return f"{place}: {problem.message}" if place else problem.message


async def refuse_twice(project_id: UUID, sha256: str) -> None:
    """A second click on "Import" must not double the log; sure only under the project's lock."""
    again = sa.select(IMPORTS.c.id).where(IMPORTS.c.project_id == project_id, IMPORTS.c.sha256 == sha256)
    async with database.connection() as connection:
        earlier = (await connection.execute(again.limit(1))).scalar_one_or_none()
    if earlier:
        raise ImportedBefore(earlier)


def new_hazard(logged: LoggedHazard) -> NewHazard:
    ratings = {Stage.INITIAL: logged.initial, Stage.RESIDUAL: logged.residual}
    return NewHazard(
        name=logged.name,
        description=logged.description,
        effect=logged.effect,
        harm=logged.harm,
        owner=logged.owner,
        status=logged.status,
        status_justification=logged.status_justification or None,
        recorded_number=logged.number or None,
        identified_date=logged.identified_date,
        recorded=dict(logged.recorded) or None,
        causes=list({plain(cause): cause for cause in reversed(logged.causes)}.values())[::-1],
        controls=[
            NewControl(control.description, control.stage, control.kind, control.evidence)
            for control in logged.controls
        ],
        ratings={stage: new_rating(rating) for stage, rating in ratings.items() if rating},
    )


def new_rating(rating: Rating) -> NewRating:
    return NewRating(
        rating.severity, rating.likelihood, justification=rating.justification, recorded_level=rating.stored_level
    )


def report_of(log: HazardLog, matrix: str, left_open: Sequence[LoggedHazard] = ()) -> dict[str, Any]:
    """What the person who imported is shown and what is kept of it."""
    rows = {problem.row for problem in log.problems if problem.row}
    return {
        "recognised_layout": log.layout,
        "imported": len(log.hazards),
        "skipped": len(rows),
        "disagreements": disagreements(log, matrix),
        "left_open": [{"row": hazard.row, "status": hazard.status.value} for hazard in left_open],
        "to_assess": [asdict(rating) for rating in log.own_ratings],
        "problems": [asdict(problem) for problem in log.problems],
        "notes": [asdict(note) for note in log.notes],
    }


def disagreements(log: HazardLog, matrix: str) -> list[dict[str, Any]]:
    """Stored levels that the matrix does not give; both are kept, and none is changed in silence."""
    level = MATRICES[matrix].level
    rated = [
        (hazard.row, stage, rating, level(rating.severity, rating.likelihood))
        for hazard in log.hazards
        for stage, rating in ((Stage.INITIAL, hazard.initial), (Stage.RESIDUAL, hazard.residual))
        if rating
    ]
    return [
        {"row": row, "stage": stage.value, "stored": rating.stored_level, "derived": derived}
        for row, stage, rating, derived in rated
        if rating.stored_level not in (None, derived)
    ]

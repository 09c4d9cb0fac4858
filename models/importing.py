"""Stores a hazard log that was read from a file: all of it, or nothing unless skipping was asked for."""

from dataclasses import asdict
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from errors import Conflict, FieldProblem, Invalid
from exchange.records import HazardLog, LoggedHazard, Problem, Rating
from models import audit, hazard_additions
from models.audit import Actor, Change
from models.database import database
from models.enumerations import Stage
from models.hazard_additions import NewControl, NewHazard, NewRating
from models.imports import Import
from models.risk_matrix import MATRICES

IMPORTS = Import.ormar_config.table
MOST_SHOWN = 100
"""Problems that one answer lists; who has more will not read them all at once."""


class OnProblem(StrEnum):
    """What a row that cannot be read does to the others."""

    REFUSE = "refuse"
    SKIP = "skip"


async def store(
    actor: Actor, project_id: UUID, matrix: str, log: HazardLog, file_name: str, sha256: str, on_problem: OnProblem
) -> UUID:
    """Add the hazards of a log to a project; the key of the import, which keeps its report.

    Invalid with every problem when a row could not be read and skipping was not asked for; Conflict when this very
    file was imported into the project before.
    """
    if log.problems and on_problem is OnProblem.REFUSE:
        raise refusal(log.problems)
    hazards = [new_hazard(hazard) for hazard in log.hazards]
    report = report_of(log, matrix)
    async with database.transaction() as connection:
        await refuse_twice(project_id, sha256)
        await hazard_additions.create(actor, project_id, hazards, action="hazard:import")
        record = await Import.objects.create(
            project=project_id,
            file_name=file_name[:255],
            sha256=sha256,
            layout=log.layout,
            imported=len(hazards),
            skipped=report["skipped"],
            report=report,
            created_by=actor.user_id,
        )
        after = {"file_name": file_name, "sha256": sha256, "layout": log.layout, "imported": len(hazards)}
        await audit.append(actor, Change("import:create", "import", record.id, project_id, after=after))
        del connection
    return record.id


def refusal(problems: tuple[Problem, ...]) -> Invalid:
    shown = [FieldProblem("file", sentence(problem)) for problem in problems[:MOST_SHOWN]]
    more = len(problems) - len(shown)
    if more:
        shown.append(FieldProblem("file", f"And {more:,} more problems"))
    rows = len({problem.row for problem in problems})
    return Invalid(
        f"{rows:,} rows could not be read, so nothing was stored. Mend them, or ask to skip them.", problems=shown
    )


def sentence(problem: Problem) -> str:
    place = ", ".join(part for part in (f"Row {problem.row}" if problem.row else "", problem.column) if part)
    return f"{place}: {problem.message}" if place else problem.message


async def refuse_twice(project_id: UUID, sha256: str) -> None:
    """A second click on "Import" must not double the log; the project's row is locked by the numbering that follows."""
    again = sa.select(IMPORTS.c.created_date).where(IMPORTS.c.project_id == project_id, IMPORTS.c.sha256 == sha256)
    async with database.connection() as connection:
        if (await connection.execute(again.limit(1))).one_or_none():
            raise Conflict("This very file was imported into this project before. Nothing was changed.")


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
        causes=logged.causes,
        controls=[NewControl(**asdict(control)) for control in logged.controls],
        ratings={stage: new_rating(rating) for stage, rating in ratings.items() if rating},
    )


def new_rating(rating: Rating) -> NewRating:
    return NewRating(
        rating.severity, rating.likelihood, justification=rating.justification, recorded_level=rating.stored_level
    )


def report_of(log: HazardLog, matrix: str) -> dict[str, Any]:
    """What the person who imported is shown and what is kept of it."""
    rows = {problem.row for problem in log.problems if problem.row}
    return {
        "recognised_layout": log.layout,
        "imported": len(log.hazards),
        "skipped": len(rows),
        "disagreements": disagreements(log, matrix),
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

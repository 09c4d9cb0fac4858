"""Adding hazards to a log, one or five thousand: all of them with their audit entries, or none."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from errors import NotFound
from models.audit import audit
from models.audit.audit import Actor, Change
from models.audit.audit_chain import written
from models.comments import hazard_notices
from models.controls.controls import DEFAULT_PREFERENCE, Control, HazardControl
from models.enumerations import (
    CauseStatus,
    Condition,
    ControlKind,
    ControlStage,
    ControlState,
    HazardStatus,
    IdentificationSource,
    Likelihood,
    NoticeKind,
    Severity,
    Stage,
)
from models.hazards import hazard_search, hazard_told, hazard_types
from models.hazards.hazard_types import same
from models.hazards.hazards import Cause, Hazard, HazardType, PotentialHarm
from models.projects.projects import Project
from models.risk.assessments import RiskAssessment
from models.risk.risk_matrix import MATRICES
from models.storage import many
from models.storage.columns import new_id
from models.storage.database import database

PROJECTS = Project.ormar_config.table
HAZARDS = Hazard.ormar_config.table
CAUSES = Cause.ormar_config.table
HARMS = PotentialHarm.ormar_config.table
TYPES = HazardType.ormar_config.table
CONTROLS = Control.ormar_config.table
LINKS = HazardControl.ormar_config.table
ASSESSMENTS = RiskAssessment.ormar_config.table
Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class NewControl:
    description: str
    stage: ControlStage
    kind: ControlKind | None = None
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class NewRating:
    """A judgement; its level is derived, and `recorded_level` only keeps what another log said."""

    severity: Severity
    likelihood: Likelihood
    severity_justification: str = ""
    likelihood_justification: str = ""
    justification: str = ""
    recorded_level: int | None = None


@dataclass(frozen=True)
class NewHazard:
    name: str
    description: str = ""
    effect: str = ""
    harm: str = ""
    condition: Condition | None = None
    source: IdentificationSource | None = None
    owner: str = ""
    owner_id: UUID | None = None
    review_date: date | None = None
    status: HazardStatus = HazardStatus.OPEN
    status_justification: str | None = None
    recorded_number: str | None = None
    recorded: Mapping[str, str] | None = None
    copied_from: Mapping[str, str] | None = None
    identified_date: date | None = None
    causes: Sequence[str] = ()
    harms: Sequence[str] = ()
    types: Sequence[str] = ()
    controls: Sequence[NewControl] = ()
    ratings: Mapping[Stage, NewRating] = field(default_factory=dict)


LISTS = {"causes", "harms", "types", "controls", "ratings"}
TEXTS = tuple(one.name for one in fields(NewHazard) if one.name not in LISTS)
BLANK = {"organisation": "", "brings_hazards_reason": "", "version": 1}
"""What nobody has said yet about a new control."""
BATCH = 500
"""Hazards that are stored at once."""


@dataclass(frozen=True)
class Numbered:
    """A hazard on its way into the log, with the rows of what history names by its key."""

    key: UUID
    number: int
    hazard: NewHazard
    causes: Rows
    harms: Rows
    controls: Rows


async def create(actor: Actor, project_id: UUID, hazards: Sequence[NewHazard], *, imported: bool = False) -> list[UUID]:
    """Add hazards to a log, numbered in their order; all of them or none. Their keys.

    Who imports a log has not judged its risks: imported assessments name nobody. Types that come with a log, or with a
    copy, extend the project's list.
    """
    action, assessor = ("hazard:import", None) if imported else ("hazard:create", actor.user_id)
    changes: list[Change] = []
    owners: dict[UUID, list[UUID]] = {}
    async with database.transaction():
        first, matrix = await reserve_numbers(project_id, len(hazards))
        if imported or any(hazard.copied_from for hazard in hazards):
            hazards, extended = await with_listed_types(project_id, hazards)
            changes += extended
        keys: list[UUID] = []
        for some in many.batches(hazards, BATCH):
            added = [numbered(project_id, number, one) for number, one in enumerate(some, first + len(keys))]
            await insert_all(rows_of(assessor, project_id, matrix, added))
            await close([one.key for one in added if one.hazard.status is HazardStatus.CLOSED])
            changes += [told(action, project_id, matrix, one) for one in added]
            owners |= {one.key: [one.hazard.owner_id] for one in added if one.hazard.owner_id}
            keys += [one.key for one in added]
        await hazard_search.add(project_id, dict(zip(keys, map(texts_of, hazards), strict=True)))
        await hazard_notices.tell_each(NoticeKind.OWNER, owners, by=actor.user_id)
        await audit.append(actor, *changes)
    return keys


async def with_listed_types(project_id: UUID, hazards: Sequence[NewHazard]) -> tuple[Sequence[NewHazard], list[Change]]:
    """The hazards with their types spelled as the list of the project does, and what the list was extended by."""
    if not any(hazard.types for hazard in hazards):
        return hazards, []
    extended = await hazard_types.extend(project_id, [name for hazard in hazards for name in hazard.types])
    spelled = hazard_types.spelled(await hazard_types.offered(project_id))
    names = [dict.fromkeys(spelled[same(name)] for name in hazard.types) for hazard in hazards]
    return [replace(one, types=list(types)) for one, types in zip(hazards, names, strict=True)], extended


async def reserve_numbers(project_id: UUID, count: int) -> tuple[int, str]:
    """The first of `count` numbers that no hazard of the project ever had, and the version of its matrix.

    The project's row stays locked until the commit, so numbers follow each other without gaps.
    """
    take = (
        sa.update(PROJECTS)
        .where(PROJECTS.c.id == project_id)
        .values(next_hazard_number=PROJECTS.c.next_hazard_number + count)
        .returning(PROJECTS.c.next_hazard_number, PROJECTS.c.matrix_version)
    )
    async with database.connection() as connection:
        row = (await connection.execute(take)).one_or_none()
    if row is None:
        raise NotFound
    return row.next_hazard_number - count, row.matrix_version


def numbered(project_id: UUID, number: int, hazard: NewHazard) -> Numbered:
    key = new_id()
    controls = [control_row(project_id, control) for control in hazard.controls]
    return Numbered(key, number, hazard, cause_rows(key, hazard.causes), harm_rows(key, hazard.harms), controls)


def rows_of(assessor: UUID | None, project_id: UUID, matrix: str, added: Sequence[Numbered]) -> dict[sa.Table, Rows]:
    """What to store of these hazards, in the order in which tables refer to each other."""
    return {
        HAZARDS: [hazard_row(project_id, one) for one in added],
        CAUSES: [row for one in added for row in one.causes],
        HARMS: [row for one in added for row in one.harms],
        TYPES: [row for one in added for row in type_rows(one.key, one.hazard.types)],
        CONTROLS: [row for one in added for row in one.controls],
        LINKS: [
            link_row(one.key, row["id"], position) for one in added for position, row in enumerate(one.controls, 1)
        ],
        ASSESSMENTS: [
            rating_row(assessor, one.key, stage, matrix, rating)
            for one in added
            for stage, rating in one.hazard.ratings.items()
        ],
    }


def hazard_row(project_id: UUID, one: Numbered) -> dict[str, Any]:
    """A closed hazard begins as an open one: nothing can be added to it once it is closed."""
    texts = {name: getattr(one.hazard, name) for name in TEXTS}
    if texts["status"] is HazardStatus.CLOSED:
        texts["status"] = HazardStatus.OPEN
    return {"id": one.key, "project_id": project_id, "number": one.number, "version": 1, **texts}


async def close(keys: Sequence[UUID]) -> None:
    """That they were closed elsewhere, some time ago, is no change of the records made just now."""
    if keys:
        closed = sa.update(HAZARDS).values(status=HazardStatus.CLOSED, updated_date=HAZARDS.c.created_date)
        async with database.connection() as connection:
            await connection.execute(closed.where(HAZARDS.c.id.in_(keys)))


async def insert_all(rows: Mapping[sa.Table, Rows]) -> None:
    async with database.connection() as connection:
        for table, found in rows.items():
            await many.insert(connection, table, found)


def cause_rows(key: UUID, causes: Sequence[str]) -> list[dict[str, Any]]:
    return [
        {"id": new_id(), "hazard_id": key, "position": position, "description": cause, "status": CauseStatus.OPEN}
        for position, cause in enumerate(causes, 1)
    ]


def harm_rows(key: UUID, harms: Sequence[str]) -> list[dict[str, Any]]:
    return [
        {"id": new_id(), "hazard_id": key, "position": position, "description": harm}
        for position, harm in enumerate(harms, 1)
    ]


def type_rows(key: UUID, types: Sequence[str]) -> list[dict[str, Any]]:
    return [{"id": new_id(), "hazard_id": key, "name": name} for name in dict.fromkeys(types)]


def control_row(project_id: UUID, control: NewControl) -> dict[str, Any]:
    """An existing control is in place by definition; an additional one begins as a proposal."""
    in_place = control.stage is ControlStage.EXISTING
    state = ControlState.IMPLEMENTED if in_place else ControlState.PROPOSED
    preference = DEFAULT_PREFERENCE[control.kind] if control.kind else None
    given = {"id": new_id(), "project_id": project_id, "state": state, "preference": preference, **BLANK}
    return given | {name: getattr(control, name) for name in NewControl.__slots__}


def link_row(key: UUID, control: UUID, position: int) -> dict[str, Any]:
    return {"id": new_id(), "hazard_id": key, "control_id": control, "position": position}


def rating_row(assessor: UUID | None, key: UUID, stage: Stage, matrix: str, rating: NewRating) -> dict[str, Any]:
    return {
        "id": new_id(),
        "hazard_id": key,
        "stage": stage,
        "level": MATRICES[matrix].level(rating.severity, rating.likelihood),
        "matrix_version": matrix,
        "assessed_by_id": assessor,
        **{name: getattr(rating, name) for name in NewRating.__slots__},
    }


def texts_of(hazard: NewHazard) -> Iterator[str | None]:
    """Whatever it says that a search may look for, in the order of models/hazards/hazard_search.py."""
    yield from (hazard.name, hazard.description, hazard.effect, hazard.harm, hazard.recorded_number)
    yield from (*hazard.causes, *hazard.harms)
    for control in hazard.controls:
        yield from (control.description, control.evidence)
    yield from (hazard.recorded or {}).values()


def told(action: str, project_id: UUID, matrix: str, one: Numbered) -> Change:
    """Written at once, so that of thousands of hazards no more than these bytes is kept until the commit."""
    return Change(action, "hazard", one.key, project_id, 1, after=written(snapshot(one, matrix)))


def snapshot(one: Numbered, matrix: str) -> dict[str, Any]:
    """A new hazard as history tells it: what was given, and the levels derived from it."""
    hazard = one.hazard
    lists = {
        "causes": [hazard_told.cause(row) for row in one.causes],
        "harms": [hazard_told.harm(row) for row in one.harms],
        "types": hazard.types,
        "controls": [hazard_told.new_control(row) for row in one.controls],
    }
    given = {**{name: getattr(hazard, name) for name in TEXTS}, **lists}
    ratings = {stage.value: rated(rating, matrix) for stage, rating in hazard.ratings.items()}
    return {"number": one.number, **{name: value for name, value in given.items() if value}, **ratings}


def rated(rating: NewRating, matrix: str) -> dict[str, Any]:
    level = MATRICES[matrix].level(rating.severity, rating.likelihood)
    return {**{name: value for name in NewRating.__slots__ if (value := getattr(rating, name))}, "level": level}

"""Adding hazards to a log, one or five thousand: all of them with their audit entries, or none."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from errors import NotFound
from models import audit
from models.assessments import RiskAssessment
from models.audit import Actor, Change
from models.columns import new_id
from models.controls import Control, HazardControl
from models.database import database
from models.enumerations import (
    Condition,
    ControlKind,
    ControlStage,
    ControlState,
    HazardStatus,
    Likelihood,
    Severity,
    Stage,
)
from models.hazards import Cause, Hazard, HazardType
from models.projects import Project
from models.risk_matrix import MATRICES

PROJECTS = Project.ormar_config.table
HAZARDS = Hazard.ormar_config.table
CAUSES = Cause.ormar_config.table
TYPES = HazardType.ormar_config.table
CONTROLS = Control.ormar_config.table
LINKS = HazardControl.ormar_config.table
ASSESSMENTS = RiskAssessment.ormar_config.table


@dataclass(frozen=True)
class NewControl:
    description: str
    stage: ControlStage
    kind: ControlKind | None = None
    evidence: str = ""


@dataclass(frozen=True)
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
    owner: str = ""
    status: HazardStatus = HazardStatus.OPEN
    status_justification: str | None = None
    recorded_number: str | None = None
    recorded: Mapping[str, str] | None = None
    identified_date: date | None = None
    causes: Sequence[str] = ()
    types: Sequence[str] = ()
    controls: Sequence[NewControl] = ()
    ratings: Mapping[Stage, NewRating] = field(default_factory=dict)


TEXTS = (
    "name",
    "description",
    "effect",
    "harm",
    "condition",
    "owner",
    "status",
    "status_justification",
    "recorded_number",
    "recorded",
    "identified_date",
)


async def create(
    actor: Actor, project_id: UUID, hazards: Sequence[NewHazard], *, action: str = "hazard:create"
) -> list[UUID]:
    """Add hazards to a log, numbered in their order; all of them or none. Their keys."""
    keys = [new_id() for _ in hazards]
    async with database.transaction():
        first, matrix = await reserve_numbers(project_id, len(hazards))
        rows: dict[sa.Table, list[dict[str, Any]]] = {
            table: [] for table in (HAZARDS, CAUSES, TYPES, CONTROLS, LINKS, ASSESSMENTS)
        }
        changes = []
        for offset, (key, hazard) in enumerate(zip(keys, hazards, strict=True)):
            collect(rows, actor, project_id, key, first + offset, matrix, hazard)
            after = {"number": first + offset, **snapshot(hazard, matrix)}
            changes.append(Change(action, "hazard", key, project_id, 1, after=after))
        await insert_all(rows)
        await audit.append(actor, *changes)
    return keys


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


def collect(
    rows: dict[sa.Table, list[dict[str, Any]]],
    actor: Actor,
    project_id: UUID,
    key: UUID,
    number: int,
    matrix: str,
    hazard: NewHazard,
) -> None:
    """Add the rows of one hazard to those that will be stored."""
    texts = {name: getattr(hazard, name) for name in TEXTS}
    rows[HAZARDS].append({"id": key, "project_id": project_id, "number": number, "version": 1, **texts})
    rows[CAUSES] += cause_rows(key, hazard.causes)
    rows[TYPES] += type_rows(key, hazard.types)
    for position, control in enumerate(hazard.controls, 1):
        row = control_row(project_id, control)
        rows[CONTROLS].append(row)
        rows[LINKS].append({"id": new_id(), "hazard_id": key, "control_id": row["id"], "position": position})
    rows[ASSESSMENTS] += [rating_row(actor, key, stage, matrix, rating) for stage, rating in hazard.ratings.items()]


async def insert_all(rows: Mapping[sa.Table, Sequence[Mapping[str, Any]]]) -> None:
    async with database.connection() as connection:
        for table, found in rows.items():
            if found:
                await connection.execute(sa.insert(table), found)


def cause_rows(key: UUID, causes: Sequence[str]) -> list[dict[str, Any]]:
    return [
        {"id": new_id(), "hazard_id": key, "position": position, "description": cause}
        for position, cause in enumerate(causes, 1)
    ]


def type_rows(key: UUID, types: Sequence[str]) -> list[dict[str, Any]]:
    return [{"id": new_id(), "hazard_id": key, "name": name} for name in dict.fromkeys(types)]


def control_row(project_id: UUID, control: NewControl) -> dict[str, Any]:
    """An existing control is in place by definition; an additional one begins as a proposal."""
    in_place = control.stage is ControlStage.EXISTING
    state = ControlState.IMPLEMENTED if in_place else ControlState.PROPOSED
    return {"id": new_id(), "project_id": project_id, "state": state, **vars(control)}


def rating_row(actor: Actor, key: UUID, stage: Stage, matrix: str, rating: NewRating) -> dict[str, Any]:
    return {
        "id": new_id(),
        "hazard_id": key,
        "stage": stage,
        "level": MATRICES[matrix].level(rating.severity, rating.likelihood),
        "matrix_version": matrix,
        "assessed_by_id": actor.user_id,
        **vars(rating),
    }


def snapshot(hazard: NewHazard, matrix: str) -> dict[str, Any]:
    """A new hazard as history tells it: what was given, and the levels derived from it."""
    given = {name: value for name, value in vars(hazard).items() if value and name not in ("controls", "ratings")}
    controls = [vars(control) for control in hazard.controls]
    ratings = {stage: rated(rating, matrix) for stage, rating in hazard.ratings.items()}
    return {**given, **({"controls": controls} if controls else {}), **ratings}


def rated(rating: NewRating, matrix: str) -> dict[str, Any]:
    level = MATRICES[matrix].level(rating.severity, rating.likelihood)
    return {**{name: value for name, value in vars(rating).items() if value}, "level": level}

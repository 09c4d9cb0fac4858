"""Reading the hazard log: hazards in full, and the counts that show where the risk lies."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from models.controls.controls import Control, HazardControl
from models.enumerations import Stage
from models.evidence.evidence import EvidenceLink
from models.hazards.hazards import Cause, Hazard, HazardType
from models.risk import residual_risk
from models.risk.assessments import RiskAssessment
from models.storage.database import database
from models.users import people
from models.users.people import ANYONE, USERS, Viewer

HAZARDS = Hazard.ormar_config.table
CAUSES = Cause.ormar_config.table
TYPES = HazardType.ormar_config.table
CONTROLS = Control.ormar_config.table
LINKS = HazardControl.ormar_config.table
ASSESSMENTS = RiskAssessment.ormar_config.table
EVIDENCE_LINKS = EvidenceLink.ormar_config.table

INITIAL = ASSESSMENTS.alias("initial")
RESIDUAL = ASSESSMENTS.alias("residual")
RATING = (
    "severity",
    "likelihood",
    "level",
    "recorded_level",
    "matrix_version",
    "justification",
    "severity_justification",
    "likelihood_justification",
    "created_date",
)
SHOWN = (
    "id",
    "description",
    "evidence",
    "kind",
    "preference",
    "stage",
    "state",
    "responsible",
    "organisation",
    "due_date",
    "brings_hazards",
)
"""What a hazard shows of its controls."""
REFERENCE = re.compile(r"(HAZ-)?(?P<number>[0-9]{1,9})", re.IGNORECASE)
LEVEL = sa.func.coalesce(RESIDUAL.c.level, INITIAL.c.level)
"""The level that counts now: the residual one where there is one, else the initial one."""
SEVERITY = sa.func.coalesce(RESIDUAL.c.severity, INITIAL.c.severity)
LIKELIHOOD = sa.func.coalesce(RESIDUAL.c.likelihood, INITIAL.c.likelihood)


def current(assessment: sa.FromClause, stage: Stage) -> sa.ColumnElement[bool]:
    return sa.and_(
        assessment.c.hazard_id == HAZARDS.c.id, assessment.c.stage == stage, assessment.c.superseded_date.is_(None)
    )


RATED = HAZARDS.outerjoin(INITIAL, current(INITIAL, Stage.INITIAL)).outerjoin(
    RESIDUAL, current(RESIDUAL, Stage.RESIDUAL)
)


async def hazard(project_id: UUID, hazard_id: UUID, viewer: Viewer = ANYONE) -> dict[str, Any] | None:
    """One hazard in full; None when the project has no such hazard."""
    found = await in_full([hazard_id], viewer)
    return found[0] if found and found[0]["project_id"] == project_id else None


async def in_full(keys: Sequence[UUID], viewer: Viewer = ANYONE) -> list[dict[str, Any]]:
    """Hazards with their causes, controls, types and current assessments, in the order of `keys`: five statements."""
    if not keys:
        return []
    async with database.connection() as connection:
        rows = (await connection.execute(hazards_of(keys, viewer))).mappings().all()
        causes = (await connection.execute(causes_of(keys))).all()
        types = (await connection.execute(types_of(keys))).all()
        controls = (await connection.execute(controls_of(keys))).mappings().all()
        assessments = (await connection.execute(assessments_of(keys, viewer))).mappings().all()
    hazards = {row["id"]: blank(row) for row in rows}
    for cause in causes:
        hazards[cause.hazard_id]["causes"].append(cause.description)
    for kind in types:
        hazards[kind.hazard_id]["types"] = in_order([*hazards[kind.hazard_id]["types"], kind.name])
    for control in controls:
        hazards[control["hazard_id"]]["controls"].append(dict(control))
    for assessment in assessments:
        hazards[assessment["hazard_id"]][assessment["stage"].value] = dict(assessment)
    for found in hazards.values():
        found["residual_evidenced"] = residual_risk.evidenced(found)
    return [hazards[key] for key in keys if key in hazards]


def blank(row: Mapping[Any, Any]) -> dict[str, Any]:
    return {
        **row,
        "reference": reference(row["number"]),
        "url": url(row["project_id"], row["id"]),
        "causes": [],
        "types": [],
        "controls": [],
        "initial": None,
        "residual": None,
    }


def reference(number: int) -> str:
    """How people name a hazard: HAZ-001."""
    return f"HAZ-{number:03d}"


def url(project_id: UUID, hazard_id: UUID) -> str:
    return f"/projects/{project_id}/hazards/{hazard_id}/"


def hazards_of(keys: Sequence[UUID], viewer: Viewer) -> sa.Select[Any]:
    owned = HAZARDS.outerjoin(USERS, USERS.c.id == HAZARDS.c.owner_id)
    attached = attached_to(EVIDENCE_LINKS.c.hazard_id, HAZARDS.c.id)
    found = sa.select(HAZARDS, people.name(viewer).label("owned_by"), attached)
    return found.select_from(owned).where(HAZARDS.c.id.in_(keys))


def attached_to(column: sa.Column[Any], key: sa.Column[Any]) -> sa.Label[int]:
    """How often evidence is attached to a hazard or control itself."""
    count = sa.select(sa.func.count()).select_from(EVIDENCE_LINKS).where(column == key)
    return count.correlate(key.table).scalar_subquery().label("evidence_count")


def causes_of(keys: Sequence[UUID]) -> sa.Select[Any]:
    return (
        sa.select(CAUSES.c.hazard_id, CAUSES.c.description)
        .where(CAUSES.c.hazard_id.in_(keys))
        .order_by(CAUSES.c.position)
    )


def types_of(keys: Sequence[UUID]) -> sa.Select[Any]:
    return sa.select(TYPES.c.hazard_id, TYPES.c.name).where(TYPES.c.hazard_id.in_(keys))


def in_order(words: Iterable[str]) -> list[str]:
    """Each word once, by the alphabet; databases disagree about it, so it is done here."""
    return sorted(set(words), key=lambda word: (word.casefold(), word))


def controls_of(keys: Sequence[UUID]) -> sa.Select[Any]:
    columns = [CONTROLS.c[name] for name in SHOWN]
    joined = LINKS.join(CONTROLS, CONTROLS.c.id == LINKS.c.control_id)
    return (
        sa.select(LINKS.c.hazard_id, *columns, attached_to(EVIDENCE_LINKS.c.control_id, CONTROLS.c.id))
        .select_from(joined)
        .where(LINKS.c.hazard_id.in_(keys))
        .order_by(LINKS.c.position)
    )


def assessments(viewer: Viewer) -> sa.Select[Any]:
    """Assessments, superseded ones too, with the name of who made them."""
    assessor = people.name(viewer).label("assessed_by")
    columns = [ASSESSMENTS.c[name] for name in ("id", "hazard_id", "stage", *RATING)]
    return sa.select(*columns, ASSESSMENTS.c.created_date.label("assessed_date"), assessor).select_from(
        ASSESSMENTS.outerjoin(USERS, USERS.c.id == ASSESSMENTS.c.assessed_by_id)
    )


def assessments_of(keys: Sequence[UUID], viewer: Viewer) -> sa.Select[Any]:
    return assessments(viewer).where(ASSESSMENTS.c.hazard_id.in_(keys), ASSESSMENTS.c.superseded_date.is_(None))


async def assessment(assessment_id: UUID, viewer: Viewer) -> dict[str, Any]:
    """One assessment as it was made, whatever became of it."""
    async with database.connection() as connection:
        found = await connection.execute(assessments(viewer).where(ASSESSMENTS.c.id == assessment_id))
        return dict(found.mappings().one())


async def counts(project_id: UUID) -> list[Any]:
    """How many hazards there are for each status and current severity and likelihood: one statement.

    The assessments are joined once and laid side by side: joined for each stage, PostgreSQL takes seconds for a log
    that was imported a moment ago, as it knows nothing of it yet.
    """
    names = ("severity", "likelihood", "level")
    rated = sa.and_(ASSESSMENTS.c.hazard_id == HAZARDS.c.id, ASSESSMENTS.c.superseded_date.is_(None))
    each = (
        sa.select(HAZARDS.c.status, *(latest(ASSESSMENTS.c[name]).label(name) for name in names))
        .select_from(HAZARDS.outerjoin(ASSESSMENTS, rated))
        .where(HAZARDS.c.project_id == project_id)
        .group_by(HAZARDS.c.id)
        .subquery()
    )
    async with database.connection() as connection:
        return list(
            (await connection.execute(sa.select(*each.c, sa.func.count().label("count")).group_by(*each.c))).all()
        )


def latest(column: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    """Of the assessments of one hazard the residual one's, else the initial one's."""
    of = {stage: sa.func.max(sa.case((ASSESSMENTS.c.stage == stage, column))) for stage in Stage}
    return sa.func.coalesce(of[Stage.RESIDUAL], of[Stage.INITIAL])

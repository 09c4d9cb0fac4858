"""Runs the rules of checks/ over hazards as they are stored: one of them, or a whole log in batches."""

import datetime as dt
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from checks import hazard as checked
from checks import rules
from checks.rule import Finding
from models.controls.controls import ControlTarget, RaisedHazard
from models.enumerations import ControlState, HazardLinkKind
from models.evidence.evidence import EvidenceLink
from models.hazards.hazard_log import CAUSES, CONTROLS, HAZARDS, INITIAL, LINKS, RATED, RESIDUAL, TYPES
from models.hazards.hazards import HazardLink, PotentialHarm
from models.projects.projects import MEMBERS
from models.risk.acceptances import AlarpRecord, RiskAcceptance
from models.storage import many
from models.storage.columns import utc_now
from models.storage.database import database

HARMS = PotentialHarm.ormar_config.table
TARGETS = ControlTarget.ormar_config.table
RAISED = RaisedHazard.ormar_config.table
EVIDENCE = EvidenceLink.ormar_config.table
ACCEPTANCES = RiskAcceptance.ormar_config.table
ALARP = AlarpRecord.ormar_config.table
DUPLICATES = HazardLink.ormar_config.table

BATCH = 100
"""Hazards that are read and checked at once, in some 30 ms; between batches other requests get their turn."""
TOLD = ("id", "number", "name", "description", "effect", "harm", "condition", "source", "status", "review_date")
FLAGS = ("owned", "owner_left", "typed", "alarp", "duplicate", "accepted", "stale")
RATING = tuple(checked.Rating.__dataclass_fields__)
CONTROL = (
    *("id", "description", "stage", "state", "kind", "evidence", "responsible", "organisation", "due_date"),
    *("brings_hazards", "brings_hazards_reason"),
)
Rows = Sequence[sa.RowMapping]


async def of_hazard(project_id: UUID, hazard_id: UUID) -> list[Finding]:
    """What the rules find in one hazard: seven statements."""
    return [
        finding
        for hazard in await read([hazard_id], await names(project_id, [hazard_id]))
        for finding in rules.check(hazard)
    ]


async def of_project(project_id: UUID) -> AsyncIterator[tuple[checked.Hazard, list[Finding]]]:
    """Every hazard of a log, by number, with what the rules find."""
    async for hazard in hazards(project_id):
        yield hazard, list(rules.check(hazard))


async def hazards(project_id: UUID) -> AsyncIterator[checked.Hazard]:
    """Every hazard of a log as the rules look at it, by number: eight statements, and six for each further batch."""
    repeated = await names(project_id)
    ordered = sa.select(HAZARDS.c.id).where(HAZARDS.c.project_id == project_id).order_by(HAZARDS.c.number)
    async with database.connection() as connection:
        keys = (await connection.execute(ordered)).scalars().all()
    for some in many.batches(keys, BATCH):
        for hazard in await read(some, repeated):
            yield hazard


async def names(project_id: UUID, keys: Sequence[UUID] | None = None) -> Mapping[str, int]:
    """How many hazards of a log have each name that more than one has; of all names, or those of the hazards given."""
    name = sa.func.lower(HAZARDS.c.name)
    repeated = sa.select(name, sa.func.count()).where(HAZARDS.c.project_id == project_id)
    if keys is not None:
        repeated = repeated.where(name.in_(sa.select(name).where(HAZARDS.c.id.in_(keys))))
    async with database.connection() as connection:
        return {row[0]: row[1] for row in await connection.execute(repeated.group_by(name).having(sa.func.count() > 1))}


async def read(keys: Sequence[UUID], repeated: Mapping[str, int]) -> list[checked.Hazard]:
    """These hazards as the rules look at them, in the order of their numbers: six statements."""
    async with database.connection() as connection:
        rows = (await connection.execute(hazards_of(keys))).mappings().all()
        causes = (await connection.execute(parts_of(CAUSES, keys, "id", "description", "status"))).mappings().all()
        harms = (await connection.execute(parts_of(HARMS, keys, "description"))).mappings().all()
        controls = (await connection.execute(controls_of(keys))).mappings().all()
        targets = (await connection.execute(targets_of(keys))).mappings().all()
        shows = (await connection.execute(evidence_of(keys))).mappings().all()
    return assembled(rows, causes, harms, joined(controls, targets, shows), repeated)


def hazards_of(keys: Sequence[UUID]) -> sa.Select[Any]:
    """Hazards with both assessments, with the acceptance in force, and with what of them only has to be there."""
    in_force = sa.and_(ACCEPTANCES.c.hazard_id == HAZARDS.c.id, ACCEPTANCES.c.withdrawn_date.is_(None))
    owned = sa.or_(HAZARDS.c.owner != "", HAZARDS.c.owner_id.is_not(None))
    member = sa.exists().where(MEMBERS.c.project_id == HAZARDS.c.project_id, MEMBERS.c.user_id == HAZARDS.c.owner_id)
    duplicate = sa.exists().where(DUPLICATES.c.hazard_id == HAZARDS.c.id, DUPLICATES.c.kind == HazardLinkKind.DUPLICATE)
    return (
        sa.select(
            *(HAZARDS.c[name] for name in (*TOLD, "status_justification", "recorded")),
            owned.label("owned"),
            sa.and_(HAZARDS.c.owner_id.is_not(None), ~member).label("owner_left"),
            sa.exists().where(TYPES.c.hazard_id == HAZARDS.c.id).label("typed"),
            sa.exists().where(ALARP.c.hazard_id == HAZARDS.c.id).label("alarp"),
            duplicate.label("duplicate"),
            ACCEPTANCES.c.id.is_not(None).label("accepted"),
            ACCEPTANCES.c.stale_date.is_not(None).label("stale"),
            *(INITIAL.c[name].label(f"initial_{name}") for name in RATING),
            *(RESIDUAL.c[name].label(f"residual_{name}") for name in RATING),
        )
        .select_from(RATED.outerjoin(ACCEPTANCES, in_force))
        .where(HAZARDS.c.id.in_(keys))
        .order_by(HAZARDS.c.number)
    )


def parts_of(table: sa.Table, keys: Sequence[UUID], *columns: str) -> sa.Select[Any]:
    found = sa.select(table.c.hazard_id, *(table.c[name] for name in columns))
    return found.where(table.c.hazard_id.in_(keys)).order_by(table.c.position)


def controls_of(keys: Sequence[UUID]) -> sa.Select[Any]:
    """The controls of hazards that were not withdrawn, with how many hazards they brought."""
    raised = sa.select(sa.func.count()).where(RAISED.c.control_id == CONTROLS.c.id).scalar_subquery()
    return (
        sa.select(
            LINKS.c.id.label("link"), LINKS.c.hazard_id, raised.label("raised"), *(CONTROLS.c[n] for n in CONTROL)
        )
        .select_from(LINKS.join(CONTROLS, CONTROLS.c.id == LINKS.c.control_id))
        .where(LINKS.c.hazard_id.in_(keys), CONTROLS.c.state != ControlState.WITHDRAWN)
        .order_by(LINKS.c.position)
    )


def targets_of(keys: Sequence[UUID]) -> sa.Select[Any]:
    links = LINKS.join(TARGETS, TARGETS.c.hazard_control_id == LINKS.c.id)
    return sa.select(LINKS.c.id.label("link"), TARGETS.c.cause_id).select_from(links).where(LINKS.c.hazard_id.in_(keys))


def evidence_of(keys: Sequence[UUID]) -> sa.Select[Any]:
    """What the evidence of each control shows, each purpose once."""
    of_controls = sa.select(LINKS.c.control_id).where(LINKS.c.hazard_id.in_(keys))
    return sa.select(EVIDENCE.c.control_id, EVIDENCE.c.purpose).where(EVIDENCE.c.control_id.in_(of_controls)).distinct()


def joined(controls: Rows, targets: Rows, shows: Rows) -> dict[UUID, list[checked.Control]]:
    """The controls by hazard; what a control acts on belongs to its link to the hazard, its evidence to itself."""
    acts_on: dict[UUID, set[UUID | None]] = {}
    for target in targets:
        acts_on.setdefault(target["link"], set()).add(target["cause_id"])
    purposes: dict[UUID, set[Any]] = {}
    for shown in shows:
        purposes.setdefault(shown["control_id"], set()).add(shown["purpose"])
    found: dict[UUID, list[checked.Control]] = {}
    for control in controls:
        reached = acts_on.get(control["link"], set())
        one = checked.Control(
            **{name: control[name] for name in (*CONTROL, "raised")},
            shows=frozenset(purposes.get(control["id"], ())),
            causes=frozenset(cause for cause in reached if cause),
            mitigates=None in reached,
        )
        found.setdefault(control["hazard_id"], []).append(one)
    return found


def assembled(
    rows: Rows,
    causes: Rows,
    harms: Rows,
    controls: Mapping[UUID, Sequence[checked.Control]],
    repeated: Mapping[str, int],
) -> list[checked.Hazard]:
    causes_of: dict[UUID, list[checked.Cause]] = {}
    for cause in causes:
        one = checked.Cause(cause["id"], cause["description"], cause["status"])
        causes_of.setdefault(cause["hazard_id"], []).append(one)
    harms_of: dict[UUID, list[str]] = {}
    for harm in harms:
        harms_of.setdefault(harm["hazard_id"], []).append(harm["description"])
    today = utc_now().date()
    return [
        checked.Hazard(
            **plain(row, today),
            causes=causes_of.get(row["id"], ()),
            harms=harms_of.get(row["id"], ()),
            controls=controls.get(row["id"], ()),
            same_name=repeated.get(row["name"].lower(), 1) - 1,
        )
        for row in rows
    ]


def plain(row: sa.RowMapping, today: dt.date) -> dict[str, Any]:
    """What one row of hazards_of tells."""
    return {
        **{name: row[name] for name in (*TOLD, "recorded")},
        **{name: bool(row[name]) for name in FLAGS},
        "status_justification": row["status_justification"] or "",
        "initial": rating(row, "initial"),
        "residual": rating(row, "residual"),
        "today": today,
    }


def rating(row: sa.RowMapping, stage: str) -> checked.Rating | None:
    if row[f"{stage}_level"] is None:
        return None
    return checked.Rating(*(row[f"{stage}_{name}"] for name in RATING))

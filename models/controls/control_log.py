"""Reading the controls of a project: pages of them, one in full, and the hazards that rest on it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from models.controls import control_evidence
from models.controls.control_answers import RAISED
from models.controls.control_edits import CONTROLS, LINKS
from models.enumerations import ControlKind, ControlState, Party
from models.hazards import hazard_log
from models.hazards.hazard_filters import control_overdue
from models.hazards.hazard_log import HAZARDS
from models.storage.database import database
from models.users import people
from models.users.people import ANYONE, USERS, Viewer

RESTING = sa.select(sa.func.count()).where(LINKS.c.control_id == CONTROLS.c.id).scalar_subquery()
"""How many hazards rest on a control."""
MISSING = control_evidence.missing(CONTROLS)
STATES = sa.case({state.value: place for place, state in enumerate(ControlState)}, value=CONTROLS.c.state)
SORTS: dict[str, sa.ColumnElement[Any]] = {
    "description": sa.func.lower(CONTROLS.c.description),
    "kind": sa.func.coalesce(CONTROLS.c.kind, ""),
    "preference": sa.func.coalesce(CONTROLS.c.preference, 9),
    "state": STATES,
    "organisation": sa.func.lower(CONTROLS.c.organisation),
    "responsible": sa.func.coalesce(CONTROLS.c.responsible, ""),
    "due": sa.func.coalesce(sa.cast(CONTROLS.c.due_date, sa.Text), "9999"),
    "hazards": RESTING,
    "updated": CONTROLS.c.updated_date,
}


@dataclass(frozen=True)
class ControlFilter:
    """Which controls of a project; None leaves a property out of account."""

    search: str = ""
    state: ControlState | None = None
    kind: ControlKind | None = None
    responsible: Party | None = None
    missing_evidence: bool | None = None
    overdue: bool | None = None
    unanswered: bool | None = None
    """Whether nobody has said yet if the control brings new hazards."""
    sort: str = "description"
    """A key of SORTS; a minus in front turns the order round."""


def conditions(project_id: UUID, wanted: ControlFilter) -> list[sa.ColumnElement[bool]]:
    exact = {
        CONTROLS.c.state: wanted.state,
        CONTROLS.c.kind: wanted.kind,
        CONTROLS.c.responsible: wanted.responsible,
    }
    found = [CONTROLS.c.project_id == project_id]
    found += [column == value for column, value in exact.items() if value is not None]
    late = sa.func.coalesce(control_overdue(), sa.false())
    yes_or_no = {MISSING: wanted.missing_evidence, late: wanted.overdue}
    found += [condition if value else ~condition for condition, value in yes_or_no.items() if value is not None]
    if wanted.unanswered is not None:
        answer = CONTROLS.c.brings_hazards
        found.append(answer.is_(None) if wanted.unanswered else answer.is_not(None))
    texts = (CONTROLS.c.description, CONTROLS.c.evidence, CONTROLS.c.organisation)
    found += [sa.or_(*(text.icontains(word, autoescape=True) for text in texts)) for word in wanted.search.split()]
    return found


def shown(viewer: Viewer) -> sa.Select[Any]:
    owner = people.name(viewer).label("owned_by")
    further = (RESTING.label("hazard_count"), MISSING.label("missing_evidence"), owner)
    return sa.select(CONTROLS, *further).select_from(CONTROLS.outerjoin(USERS, USERS.c.id == CONTROLS.c.owner_id))


async def page(
    project_id: UUID, wanted: ControlFilter, page_number: int, limit: int, viewer: Viewer = ANYONE
) -> tuple[list[dict[str, Any]], int]:
    """One page of the controls of a project, and how many there are in all."""
    where = conditions(project_id, wanted)
    column = SORTS[wanted.sort.removeprefix("-")]
    order = column.desc() if wanted.sort.startswith("-") else column.asc()
    query = shown(viewer).where(*where).order_by(order, CONTROLS.c.id)
    async with database.connection() as connection:
        total = (await connection.execute(sa.select(sa.func.count()).select_from(CONTROLS).where(*where))).scalar_one()
        rows = (await connection.execute(query.limit(limit).offset((page_number - 1) * limit))).mappings()
        return [full(row) for row in rows], total


def full(row: Any) -> dict[str, Any]:
    return {**row, "url": url(row["project_id"], row["id"])}


def url(project_id: UUID, control_id: UUID) -> str:
    return f"/projects/{project_id}/controls/{control_id}/"


async def control(project_id: UUID, control_id: UUID, viewer: Viewer = ANYONE) -> dict[str, Any] | None:
    """One control; None when the project has no such control."""
    query = shown(viewer).where(CONTROLS.c.id == control_id, CONTROLS.c.project_id == project_id)
    async with database.connection() as connection:
        row = (await connection.execute(query)).mappings().one_or_none()
    return full(row) if row else None


async def resting_on(control_id: UUID) -> list[dict[str, Any]]:
    """The hazards that rest on a control, by their numbers."""
    return await _hazards(LINKS, control_id)


async def raised_by(control_id: UUID) -> list[dict[str, Any]]:
    """The hazards that a control brings or changes, by their numbers."""
    return await _hazards(RAISED, control_id)


async def _hazards(links: sa.Table, control_id: UUID) -> list[dict[str, Any]]:
    columns = [HAZARDS.c[name] for name in ("id", "number", "name", "status", "project_id")]
    query = sa.select(*columns).join(links, links.c.hazard_id == HAZARDS.c.id).where(links.c.control_id == control_id)
    async with database.connection() as connection:
        rows = (await connection.execute(query.order_by(HAZARDS.c.number))).mappings().all()
    return [
        {
            **row,
            "reference": hazard_log.reference(row["number"]),
            "url": hazard_log.url(row["project_id"], row["id"]),
        }
        for row in rows
    ]


async def offered(project_id: UUID, hazard_id: UUID) -> Sequence[Any]:
    """The controls that a hazard could rest on too: key and description, by the alphabet."""
    taken = sa.select(LINKS.c.control_id).where(LINKS.c.hazard_id == hazard_id)
    mine = (CONTROLS.c.project_id == project_id, CONTROLS.c.state != ControlState.WITHDRAWN)
    query = sa.select(CONTROLS.c.id, CONTROLS.c.description).where(*mine, CONTROLS.c.id.not_in(taken))
    async with database.connection() as connection:
        return (await connection.execute(query.order_by(SORTS["description"], CONTROLS.c.id))).all()

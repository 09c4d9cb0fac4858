"""Reading evidence: the list of a project, one piece with what it is about, and the evidence of a hazard or control."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import sqlalchemy as sa

from errors import NotFound
from models.enumerations import EvidenceKind, EvidencePurpose
from models.evidence.evidence_about import EVIDENCE, links_of
from models.hazards.hazard_log import ASSESSMENTS, CONTROLS, EVIDENCE_LINKS, HAZARDS, LINKS, reference, url
from models.storage.database import database
from models.users import people
from models.users.people import ANYONE, USERS, Viewer

ATTACHED = EVIDENCE_LINKS.alias("attached")
COUNT = (
    sa.select(sa.func.count())
    .select_from(ATTACHED)
    .where(ATTACHED.c.evidence_id == EVIDENCE.c.id)
    .correlate(EVIDENCE)
    .scalar_subquery()
)
PIECE = (
    "id",
    "project_id",
    "kind",
    "title",
    "description",
    "file_name",
    "media_type",
    "size",
    "sha256",
    "created_date",
)
SEARCHED = ("title", "description", "file_name", "url")


@dataclass(frozen=True)
class EvidenceFilter:
    """Which evidence of a project; None leaves a property out of account."""

    search: str = ""
    kind: EvidenceKind | None = None
    purpose: EvidencePurpose | None = None


def pieces(viewer: Viewer) -> sa.Select[Any]:
    columns = [EVIDENCE.c[name] for name in PIECE]
    who = people.name(viewer).label("created_by")
    return sa.select(*columns, EVIDENCE.c.url.label("link"), who, COUNT.label("attached")).join(
        USERS, USERS.c.id == EVIDENCE.c.created_by_id
    )


def conditions(project_id: UUID, wanted: EvidenceFilter) -> list[sa.ColumnElement[bool]]:
    found = [EVIDENCE.c.project_id == project_id]
    if wanted.kind is not None:
        found.append(EVIDENCE.c.kind == wanted.kind)
    if wanted.purpose is not None:
        served = sa.select(EVIDENCE_LINKS.c.evidence_id).where(EVIDENCE_LINKS.c.purpose == wanted.purpose)
        found.append(EVIDENCE.c.id.in_(served))
    return found + [mentions(word) for word in wanted.search.split()]


def mentions(word: str) -> sa.ColumnElement[bool]:
    return sa.or_(*(EVIDENCE.c[name].icontains(word, autoescape=True) for name in SEARCHED))


async def page(
    project_id: UUID, wanted: EvidenceFilter, page_number: int, limit: int, viewer: Viewer = ANYONE
) -> tuple[list[dict[str, Any]], int]:
    """One page of a project's evidence, the newest first, and how many pieces there are in all."""
    where = conditions(project_id, wanted)
    some = pieces(viewer).where(*where).order_by(EVIDENCE.c.id.desc()).limit(limit).offset((page_number - 1) * limit)
    async with database.connection() as connection:
        total = (await connection.execute(sa.select(sa.func.count()).select_from(EVIDENCE).where(*where))).scalar_one()
        return [told(row) for row in (await connection.execute(some)).mappings()], total


async def find(project_id: UUID, evidence_id: UUID, viewer: Viewer = ANYONE) -> dict[str, Any]:
    """One piece of a project; NotFound where it has none such."""
    one = pieces(viewer).where(EVIDENCE.c.project_id == project_id, EVIDENCE.c.id == evidence_id)
    async with database.connection() as connection:
        row = (await connection.execute(one)).mappings().one_or_none()
    if row is None:
        raise NotFound
    return told(row)


def told(row: Any) -> dict[str, Any]:
    """A piece with its addresses; the host of a link is what people judge it by."""
    here = f"/projects/{row['project_id']}/evidence/{row['id']}/"
    host = urlsplit(row["link"]).netloc if row["link"] else None
    return {**row, "url": here, "file": f"{here}file/" if row["sha256"] else None, "host": host}


async def about(evidence_id: UUID) -> list[dict[str, Any]]:
    """What a piece is attached to, in the order in which it was."""
    return await linked(EVIDENCE_LINKS.c.evidence_id == evidence_id)


async def of_hazard(hazard_id: UUID, viewer: Viewer = ANYONE) -> list[dict[str, Any]]:
    """All evidence of a hazard, of its assessments and of its controls: each link with its piece; one statement."""
    controls = sa.select(LINKS.c.control_id).where(LINKS.c.hazard_id == hazard_id)
    return await linked(EVIDENCE_LINKS.c.id.in_(links_of([hazard_id], controls)), viewer)


async def of_control(control_id: UUID, viewer: Viewer = ANYONE) -> list[dict[str, Any]]:
    """All evidence of a control, as `of_hazard` tells it."""
    return await linked(EVIDENCE_LINKS.c.control_id == control_id, viewer)


ORDER = ("hazard", "assessment", "control")


async def linked(where: sa.ColumnElement[bool], viewer: Viewer = ANYONE) -> list[dict[str, Any]]:
    whose = sa.func.coalesce(EVIDENCE_LINKS.c.hazard_id, ASSESSMENTS.c.hazard_id)
    links = (EVIDENCE_LINKS.c.id.label("link_id"), EVIDENCE_LINKS.c.purpose, EVIDENCE_LINKS.c.control_id)
    hazard = (HAZARDS.c.id.label("hazard_id"), HAZARDS.c.number, HAZARDS.c.name)
    query = (
        pieces(viewer)
        .add_columns(*links, CONTROLS.c.description.label("control"), ASSESSMENTS.c.stage, ASSESSMENTS.c.level, *hazard)
        .join(EVIDENCE_LINKS, EVIDENCE_LINKS.c.evidence_id == EVIDENCE.c.id)
        .outerjoin(CONTROLS, CONTROLS.c.id == EVIDENCE_LINKS.c.control_id)
        .outerjoin(ASSESSMENTS, ASSESSMENTS.c.id == EVIDENCE_LINKS.c.assessment_id)
        .outerjoin(HAZARDS, HAZARDS.c.id == whose)
        .where(where)
        .order_by(EVIDENCE_LINKS.c.id)
    )
    async with database.connection() as connection:
        found = [{**told(row), "about": target(row)} for row in (await connection.execute(query)).mappings()]
    return sorted(found, key=lambda one: ORDER.index(one["about"]["kind"]))


def target(row: Any) -> dict[str, Any]:
    """What a link points at, in a form that a page can name and lead to."""
    told = {"id": row["link_id"], "purpose": row["purpose"], "stage": row["stage"], "level": row["level"]}
    if row["control_id"]:
        named = {"control_id": row["control_id"], "name": row["control"], "reference": None}
        here = f"/projects/{row['project_id']}/controls/{row['control_id']}/"
        return {**told, "kind": "control", **named, "url": here}
    named = {"hazard_id": row["hazard_id"], "name": row["name"], "reference": reference(row["number"])}
    kind = "assessment" if row["stage"] else "hazard"
    return {**told, "kind": kind, **named, "url": url(row["project_id"], row["hazard_id"])}


async def choices(project_id: UUID, number: int | None, control_id: UUID | None) -> list[dict[str, Any]]:
    """What evidence may be about: a hazard by its number, its current assessments and its controls, or one control."""
    hazard = sa.select(HAZARDS.c.id).where(HAZARDS.c.project_id == project_id, HAZARDS.c.number == number)
    served = sa.select(LINKS.c.control_id).where(LINKS.c.hazard_id.in_(hazard))
    queries: dict[str, sa.Select[Any]] = {
        "hazards": sa.select(HAZARDS.c.id, HAZARDS.c.name).where(HAZARDS.c.id.in_(hazard)),
        "assessments": sa.select(ASSESSMENTS.c.id, ASSESSMENTS.c.stage.label("name")).where(
            ASSESSMENTS.c.hazard_id.in_(hazard), ASSESSMENTS.c.superseded_date.is_(None)
        ),
        "controls": sa.select(CONTROLS.c.id, CONTROLS.c.description.label("name")).where(
            CONTROLS.c.project_id == project_id, sa.or_(CONTROLS.c.id == control_id, CONTROLS.c.id.in_(served))
        ),
    }
    async with database.connection() as connection:
        found = [(field, (await connection.execute(query)).all()) for field, query in queries.items()]
    return [{"field": field, "id": row.id, "name": row.name} for field, rows in found for row in rows]

"""Linking hazards of one project: related ones, and duplicates of a hazard that stays."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from errors import Conflict, FieldProblem, Invalid, NotFound
from models.audit import audit
from models.audit.audit import Actor
from models.enumerations import HazardLinkKind
from models.hazards import hazard_log
from models.hazards.hazard_additions import insert_all
from models.hazards.hazard_edits import bump, editable, next_version
from models.hazards.hazard_log import HAZARDS, REFERENCE
from models.hazards.status_rules import HAZARD_LINKS
from models.projects import projects
from models.storage.columns import new_id
from models.storage.database import database


async def link(actor: Actor, project_id: UUID, hazard_id: UUID, other: str, kind: HazardLinkKind) -> None:
    """Link a hazard to another one, by its key or its reference.

    Invalid where the project has no such other hazard, Conflict for a pair that is linked and for a circle of
    duplicates: one of them has to stay.
    """
    async with database.transaction():
        # One link at a time in a project, so that two of them cannot close a circle together.
        await projects.lock(project_id)
        hazard = await editable(project_id, hazard_id)
        other_id = await named(project_id, other)
        if other_id is None or other_id == hazard_id:
            why = "Choose another hazard than this one." if other_id else "There is no such hazard in this project."
            raise Invalid(problems=[FieldProblem("other_id", why)])
        if any(other_id in (one["hazard_id"], one["other_id"]) for one in await of_hazard(hazard_id)):
            raise refusal("These two are linked already. Remove that link first.")
        if kind is HazardLinkKind.DUPLICATE and hazard_id in await stands_for(project_id, other_id):
            raise refusal("The other one is a duplicate of this hazard, so one of them has to stay.")
        before = await told(hazard_id)
        row = {"id": new_id(), "hazard_id": hazard_id, "other_id": other_id, "kind": kind}
        await insert_all({HAZARD_LINKS: [row]})
        await bump(hazard_id, {})
        links = {"before": {"links": before}, "after": {"links": await told(hazard_id)}}
        await audit.append(actor, next_version(hazard, "hazard:link", **links))


async def unlink(actor: Actor, project_id: UUID, hazard_id: UUID, link_id: UUID) -> None:
    """NotFound unless it is a link of this hazard; the other one's own links are its own."""
    async with database.transaction() as connection:
        hazard = await editable(project_id, hazard_id)
        before = await told(hazard_id)
        mine = sa.and_(HAZARD_LINKS.c.id == link_id, HAZARD_LINKS.c.hazard_id == hazard_id)
        if (await connection.execute(sa.delete(HAZARD_LINKS).where(mine))).rowcount == 0:
            raise NotFound
        await bump(hazard_id, {})
        links = {"before": {"links": before}, "after": {"links": await told(hazard_id)}}
        await audit.append(actor, next_version(hazard, "hazard:unlink", **links))


def refusal(why: str) -> Conflict:
    return Conflict("Nothing was linked.", problems=[FieldProblem("other_id", why)])


async def named(project_id: UUID, other: str) -> UUID | None:
    """The hazard of the project that a key or a reference (HAZ-007, 7) means."""
    query = sa.select(HAZARDS.c.id).where(HAZARDS.c.project_id == project_id)
    if referred := REFERENCE.fullmatch(other):
        query = query.where(HAZARDS.c.number == int(referred["number"]))
    else:
        try:
            query = query.where(HAZARDS.c.id == UUID(other))
        except ValueError:
            return None
    async with database.connection() as connection:
        return (await connection.execute(query)).scalar_one_or_none()


async def stands_for(project_id: UUID, hazard_id: UUID) -> set[UUID]:
    """The hazards that a hazard is a duplicate of, straight or by way of others."""
    joined = HAZARD_LINKS.join(HAZARDS, HAZARDS.c.id == HAZARD_LINKS.c.hazard_id)
    query = sa.select(HAZARD_LINKS.c.hazard_id, HAZARD_LINKS.c.other_id).select_from(joined)
    duplicates = query.where(HAZARDS.c.project_id == project_id, HAZARD_LINKS.c.kind == HazardLinkKind.DUPLICATE)
    async with database.connection() as connection:
        pairs = [tuple(row) for row in await connection.execute(duplicates)]
    found, left = set[UUID](), [hazard_id]
    while left:
        one = left.pop()
        further = {other for here, other in pairs if here == one} - found
        found |= further
        left += further
    return found


async def of_hazard(hazard_id: UUID) -> Sequence[Mapping[Any, Any]]:
    """The links from and to a hazard, each with the hazard at its other end."""
    other = sa.case((HAZARD_LINKS.c.hazard_id == hazard_id, HAZARD_LINKS.c.other_id), else_=HAZARD_LINKS.c.hazard_id)
    columns = [HAZARDS.c[name] for name in ("project_id", "number", "name", "status")]
    query = (
        sa.select(HAZARD_LINKS, *columns)
        .select_from(HAZARD_LINKS.join(HAZARDS, HAZARDS.c.id == other))
        .where(sa.or_(HAZARD_LINKS.c.hazard_id == hazard_id, HAZARD_LINKS.c.other_id == hazard_id))
        .order_by(HAZARDS.c.number)
    )
    async with database.connection() as connection:
        return list((await connection.execute(query)).mappings())


async def told(hazard_id: UUID) -> list[dict[str, Any]]:
    """The links of a hazard as its history tells them."""
    return [
        {"id": one["id"], "other_id": one["other_id"], "kind": one["kind"]}
        | {"reference": hazard_log.reference(one["number"])}
        for one in await of_hazard(hazard_id)
        if one["hazard_id"] == hazard_id
    ]

"""Pages of the hazard log: filtered, counted, sorted, the last one as quickly as the first."""

from collections import OrderedDict
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from models.audit.audit_chain import HEADS
from models.hazards import hazard_filters, hazard_log
from models.hazards.hazard_filters import HazardFilter
from models.hazards.hazard_log import HAZARDS, TYPES, in_order
from models.storage.database import database
from models.users import people
from models.users.people import ANYONE, USERS, Viewer

KEPT = 500
"""Projects whose choices a process remembers."""


@dataclass(frozen=True)
class Choices:
    """What the filters of a log offer: owners as they were written, types, and members who own hazards."""

    owners: list[str]
    types: list[str]
    members: list[UUID]


_remembered: OrderedDict[UUID, tuple[bytes, Choices]] = OrderedDict()


async def page(
    project_id: UUID, wanted: HazardFilter, page_number: int, limit: int, viewer: Viewer = ANYONE
) -> tuple[list[dict[str, Any]], int]:
    """One page of the log, each hazard in full, and how many there are in all; people as `viewer` may see them."""
    found, total = await keys(project_id, wanted, page_number, limit, viewer)
    return await hazard_log.in_full(found, viewer), total


async def keys(
    project_id: UUID, wanted: HazardFilter, page_number: int, limit: int, viewer: Viewer
) -> tuple[list[UUID], int]:
    """The hazards of one page by their keys, and how many there are in all."""
    where = hazard_filters.conditions(project_id, wanted, viewer)
    count = sa.select(sa.func.count()).select_from(wanted.counted).where(*where)
    async with database.connection() as connection:
        total = (await connection.execute(count)).scalar_one()
        skipped = (page_number - 1) * limit
        some = min(limit, total - skipped)
        # The rows before a page are read to be skipped, so it is counted from the end that is nearer.
        mirrored = 2 * skipped + some > total
        query = sa.select(HAZARDS.c.id).select_from(wanted.sorted).where(*where)
        query = query.order_by(*hazard_filters.ordering(wanted.sort, mirrored=mirrored)).limit(max(0, some))
        query = query.offset(max(0, total - skipped - some if mirrored else skipped))
        found = list((await connection.execute(query)).scalars())
    return found[::-1] if mirrored else found, total


async def choices(project_id: UUID) -> Choices:
    """What the filters offer: one short statement, and three more after something was written in the project.

    Every write of a project moves the head of its audit trail, in the same transaction; what was gathered for the
    present head is what there is.
    """
    head_of = sa.select(HEADS.c.hash).where(HEADS.c.stream == project_id)
    async with database.connection() as connection:
        head = (await connection.execute(head_of)).scalar_one_or_none()
    known, found = _remembered.get(project_id, (None, None))
    if head is None or head != known or found is None:
        found = await gathered(project_id)
        if head is not None:
            _remembered[project_id] = head, found
    if head is not None:
        _remembered.move_to_end(project_id)
    while len(_remembered) > KEPT:
        _remembered.popitem(last=False)
    return found


async def gathered(project_id: UUID) -> Choices:
    mine = HAZARDS.c.project_id == project_id
    owners = sa.select(HAZARDS.c.owner).where(mine, HAZARDS.c.owner != "").distinct()
    types = sa.select(TYPES.c.name).where(TYPES.c.hazard_id.in_(sa.select(HAZARDS.c.id).where(mine))).distinct()
    members = sa.select(HAZARDS.c.owner_id).where(mine, HAZARDS.c.owner_id.is_not(None)).distinct()
    async with database.connection() as connection:
        found = [(await connection.execute(query)).scalars().all() for query in (owners, types, members)]
    return Choices(in_order(found[0]), in_order(found[1]), list(found[2]))


async def named(keys: list[UUID], viewer: Viewer) -> list[tuple[UUID, str]]:
    """These people, by name, as `viewer` may see them."""
    if not keys:
        return []
    query = sa.select(USERS.c.id, people.name(viewer).label("name")).where(USERS.c.id.in_(keys))
    async with database.connection() as connection:
        rows = (await connection.execute(query)).all()
    return sorted(((row.id, row.name) for row in rows), key=lambda row: (row[1].casefold(), row[0]))

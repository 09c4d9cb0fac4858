"""Tells people of what concerns them about hazards: a row for each of them, and a letter to whom it should go at once.

Rows and letters are stored with the change that they tell of. Only members of the project hear of its hazards, so who
was removed from it sees and is sent nothing any more, also of what was told before.
"""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from models.audit import audit
from models.audit.audit import Actor, Change
from models.comments.comments import Notice
from models.enumerations import NoticeKind, NoticesByMail
from models.hazards import hazard_log
from models.hazards.hazards import Hazard
from models.projects.projects import MEMBERS, PROJECTS
from models.storage import many
from models.storage.columns import new_id, utc_now
from models.storage.database import database
from models.storage.lookups import Lookup
from models.users import notices
from models.users.people import USERS

NOTICES = Notice.ormar_config.table
HAZARDS = Hazard.ormar_config.table
MOST_COUNTED = 100
"""More unread notices than this are "more than 99" to anybody."""

letters: Callable[[Sequence[UUID]], Awaitable[object]] | None = None
"""Queues letters about these notices. mail/notices.py is put here at the start, as models know of no mail."""


@dataclass(frozen=True, slots=True)
class Told:
    id: UUID
    user_id: UUID
    by_mail: NoticesByMail


async def tell(
    kind: NoticeKind,
    hazard_id: UUID,
    people: Collection[UUID],
    *,
    by: UUID | None = None,
    comment_id: UUID | None = None,
) -> None:
    """Tell these people of a hazard, in the caller's transaction; `by` did it, so knows of it.

    Who is no member of the project, or cannot sign in, is passed over. What one transaction tells somebody is one
    letter.
    """
    await tell_each(kind, {hazard_id: people}, by=by, comment_id=comment_id)


async def tell_each(
    kind: NoticeKind,
    people: Mapping[UUID, Collection[UUID]],
    *,
    by: UUID | None = None,
    comment_id: UUID | None = None,
) -> None:
    """As `tell`, of many hazards: whom to tell of each."""
    wanted = {(key, one) for key, whom in people.items() for one in whom if one != by}
    async with database.connection() as connection:
        found = (await connection.execute(hearers(wanted))).all() if wanted else []
        told = [
            (Told(new_id(), row.id, row.notices_by_mail), row) for row in found if (row.hazard_id, row.id) in wanted
        ]
        about = {"comment_id": comment_id, "kind": kind}
        rows = [
            {**about, "id": one.id, "user_id": one.user_id, "mailed_date": never(one), "hazard_id": row.hazard_id}
            | {"project_id": row.project_id}
            for one, row in told
        ]
        await many.insert(connection, NOTICES, rows)
    if told:
        database.before_commit(spread, *(one for one, _ in told))


def never(told: Told) -> Any:
    """Nothing has to go by mail to who does not want it, also when they change their mind later."""
    return utc_now() if told.by_mail is NoticesByMail.NEVER else None


def hearers(wanted: Collection[tuple[UUID, UUID]]) -> sa.Select[Any]:
    """Of these hazards and people all pairs that may be told, wanted or not."""
    hazards, people = ({pair[place] for pair in wanted} for place in (0, 1))
    members = HAZARDS.join(MEMBERS, MEMBERS.c.project_id == HAZARDS.c.project_id)
    return (
        sa.select(USERS.c.id, USERS.c.notices_by_mail, HAZARDS.c.project_id, HAZARDS.c.id.label("hazard_id"))
        .select_from(members.join(USERS, USERS.c.id == MEMBERS.c.user_id))
        .where(HAZARDS.c.id.in_(hazards), USERS.c.id.in_(people), USERS.c.is_active, USERS.c.is_verified)
        .order_by(USERS.c.id, HAZARDS.c.number)
    )


async def spread(told: Sequence[Told]) -> None:
    """Open pages look again, and letters go to who wants them at once."""
    await notices.tell({one.user_id for one in told})
    keys = [one.id for one in told if one.by_mail is NoticesByMail.AT_ONCE]
    if letters is not None and keys:
        await letters(keys)


OPEN = NOTICES.join(
    MEMBERS, sa.and_(MEMBERS.c.project_id == NOTICES.c.project_id, MEMBERS.c.user_id == NOTICES.c.user_id)
)
"""Notices whose readers are members still."""
SOME_UNREAD = (
    sa.select(NOTICES.c.id)
    .select_from(OPEN)
    .where(NOTICES.c.user_id == sa.bindparam("reader", type_=sa.Uuid()), NOTICES.c.read_date.is_(None))
    .limit(MOST_COUNTED)
    .subquery()
)
UNREAD = Lookup(sa.select(sa.func.count()).select_from(SOME_UNREAD))


async def unread(user_id: UUID | None) -> int:
    """How many notices somebody has not read, MOST_COUNTED at most: every page asks it."""
    found = await database.find(UNREAD, reader=user_id) if user_id else None
    return int(found[0]) if found else 0


async def page(user_id: UUID | None, page_number: int, limit: int) -> tuple[list[dict[str, Any]], int]:
    """Somebody's notices, unread ones first and then the newest, and how many there are in all."""
    mine = NOTICES.c.user_id == user_id
    names = ("id", "kind", "created_date", "read_date", "comment_id", "hazard_id", "project_id")
    hazards = OPEN.join(HAZARDS, HAZARDS.c.id == NOTICES.c.hazard_id)
    query = (
        sa.select(
            *(NOTICES.c[name] for name in names), HAZARDS.c.number, HAZARDS.c.name, PROJECTS.c.name.label("project")
        )
        .select_from(hazards.join(PROJECTS, PROJECTS.c.id == NOTICES.c.project_id))
        .where(mine)
        .order_by(NOTICES.c.read_date.is_(None).desc(), NOTICES.c.created_date.desc(), NOTICES.c.id.desc())
    )
    async with database.connection() as connection:
        total = (await connection.execute(sa.select(sa.func.count()).select_from(OPEN).where(mine))).scalar_one()
        rows = (await connection.execute(query.limit(limit).offset((page_number - 1) * limit))).mappings().all()
    return [{**row, "reference": hazard_log.reference(row["number"]), "url": where(row)} for row in rows], total


def where(notice: Any) -> str:
    """The page that a notice leads to."""
    part = "#comments" if notice["comment_id"] else ""
    return hazard_log.url(notice["project_id"], notice["hazard_id"]) + part


async def mark_read(actor: Actor, user_id: UUID, *which: sa.ColumnElement[bool]) -> int:
    """Those of somebody's notices count as read from now on; how many did not before."""
    unread_ones = sa.and_(NOTICES.c.user_id == user_id, NOTICES.c.read_date.is_(None), *which)
    async with database.transaction() as connection:
        done = sa.update(NOTICES).where(unread_ones).values(read_date=utc_now())
        count = (await connection.execute(done)).rowcount
        if count:
            await notices.tell({user_id})
            await audit.append(actor, Change("notice:read", "notice", after={"read": count}))
    return count

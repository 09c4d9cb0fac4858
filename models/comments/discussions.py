"""What people say about a hazard: written once, kept for good, and whom it concerns is told of it."""

import datetime as dt
import re
from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from errors import FieldProblem, Invalid, NotFound
from models.audit import audit
from models.audit.audit import Actor, Change
from models.comments import hazard_notices
from models.comments.comments import Comment, Mention, Reading
from models.comments.hazard_notices import HAZARDS
from models.enumerations import NoticeKind
from models.hazards import upkeep
from models.projects.projects import MEMBERS
from models.storage import many
from models.storage.columns import new_id
from models.storage.database import database
from models.storage.dates import upsert
from models.users import people
from models.users.people import USERS, Viewer

COMMENTS, MENTIONS = Comment.ormar_config.table, Mention.ormar_config.table
READINGS = Reading.ormar_config.table
MENTION = re.compile(r"(?<![\w.@-])@([a-z0-9][a-z0-9._-]{1,62}[a-z0-9])", re.IGNORECASE)
"""A username after an @, as models.users.accounts.USERNAME has it; the end of a sentence is no part of it."""
SHOWN = 20
"""Comments on the page of their hazard, the newest; the others have a page of their own."""


async def write(actor: Actor, project_id: UUID, hazard_id: UUID, body: str, mentioned: Sequence[UUID] = ()) -> UUID:
    """Say something about a hazard, whatever its status; the comment's key.

    NotFound when the project has no such hazard, Invalid when somebody in `mentioned` is no member of it. A username
    in the text that no member has is just text.
    """
    key = new_id()
    async with database.transaction() as connection:
        owner = await owner_of(project_id, hazard_id)
        meant = await members_meant(project_id, body, mentioned)
        row = {"id": key, "hazard_id": hazard_id, "written_by_id": actor.user_id, "body": body}
        await connection.execute(sa.insert(COMMENTS).values(**row))
        rows = [{"id": new_id(), "comment_id": key, "user_id": one} for one in meant]
        await many.insert(connection, MENTIONS, rows)
        others = (await writers(hazard_id) | owner) - set(meant)
        for kind, whom in ((NoticeKind.MENTION, set(meant)), (NoticeKind.COMMENT, others)):
            await hazard_notices.tell(kind, hazard_id, whom, by=actor.user_id, comment_id=key)
        upkeep.touched(hazard_id)
        after = {"hazard_id": hazard_id, "body": body, **({"mentions": meant} if meant else {})}
        await audit.append(actor, Change("comment:create", "comment", key, project_id, after=after))
    return key


async def owner_of(project_id: UUID, hazard_id: UUID) -> set[UUID]:
    """The member who owns a hazard, if one does. NotFound where there is no such hazard."""
    query = sa.select(HAZARDS.c.owner_id).where(HAZARDS.c.id == hazard_id, HAZARDS.c.project_id == project_id)
    async with database.connection() as connection:
        row = (await connection.execute(query)).one_or_none()
    if row is None:
        raise NotFound
    return {row.owner_id} - {None}


async def members_meant(project_id: UUID, body: str, mentioned: Collection[UUID]) -> list[UUID]:
    names = {name.lower() for name in MENTION.findall(body)}
    if not names and not mentioned:
        return []
    meant = sa.or_(USERS.c.id.in_(mentioned), USERS.c.username.in_(names))
    members = sa.select(USERS.c.id).join(MEMBERS, MEMBERS.c.user_id == USERS.c.id)
    async with database.connection() as connection:
        query = members.where(MEMBERS.c.project_id == project_id, meant).order_by(USERS.c.id)
        found = list((await connection.execute(query)).scalars())
    if set(mentioned) - set(found):
        raise Invalid(problems=[FieldProblem("mentions", "Choose people who are members of this project")])
    return found


async def writers(hazard_id: UUID) -> set[UUID]:
    query = sa.select(COMMENTS.c.written_by_id).where(COMMENTS.c.hazard_id == hazard_id).distinct()
    async with database.connection() as connection:
        return set((await connection.execute(query)).scalars())


def seen_by(user_id: UUID | None) -> sa.Join:
    """Comments beside when somebody last looked at their hazard."""
    mine = sa.and_(READINGS.c.hazard_id == COMMENTS.c.hazard_id, READINGS.c.user_id == user_id)
    return COMMENTS.outerjoin(READINGS, mine)


def is_unread(user_id: UUID | None) -> sa.ColumnElement[bool]:
    """Over `seen_by`: newer than the last look of somebody, and not their own."""
    newer = sa.or_(READINGS.c.read_date.is_(None), COMMENTS.c.created_date > READINGS.c.read_date)
    return sa.and_(newer, COMMENTS.c.written_by_id != user_id)


async def unread(hazard_ids: Sequence[UUID], user_id: UUID) -> dict[UUID, int]:
    """How many comments somebody has not seen, for those hazards that have any: one statement."""
    if not hazard_ids:
        return {}
    query = (
        sa.select(COMMENTS.c.hazard_id, sa.func.count())
        .select_from(seen_by(user_id))
        .where(COMMENTS.c.hazard_id.in_(hazard_ids), is_unread(user_id))
        .group_by(COMMENTS.c.hazard_id)
    )
    async with database.connection() as connection:
        return {row[0]: row[1] for row in await connection.execute(query)}


async def page(hazard_id: UUID, viewer: Viewer, page_number: int, limit: int) -> list[dict[str, Any]]:
    """Comments on a hazard, the oldest first, with the names of people as `viewer` may see them: two statements."""
    ordered = listed(hazard_id, viewer).order_by(COMMENTS.c.created_date, COMMENTS.c.id)
    return await read(ordered.limit(limit).offset((page_number - 1) * limit), viewer)


async def newest(hazard_id: UUID, viewer: Viewer) -> list[dict[str, Any]]:
    """The last SHOWN comments, the oldest of them first."""
    last_first = listed(hazard_id, viewer).order_by(COMMENTS.c.created_date.desc(), COMMENTS.c.id.desc())
    return list(reversed(await read(last_first.limit(SHOWN), viewer)))


def listed(hazard_id: UUID, viewer: Viewer) -> sa.Select[Any]:
    names = ("id", "body", "created_date")
    seen = seen_by(viewer.user_id).join(USERS, USERS.c.id == COMMENTS.c.written_by_id)
    further = (people.name(viewer).label("written_by"), is_unread(viewer.user_id).label("is_unread"))
    columns = (*(COMMENTS.c[name] for name in names), *further)
    return sa.select(*columns).select_from(seen).where(COMMENTS.c.hazard_id == hazard_id)


async def read(query: sa.Select[Any], viewer: Viewer) -> list[dict[str, Any]]:
    async with database.connection() as connection:
        found = [{**row, "mentions": []} for row in (await connection.execute(query)).mappings()]
        by_key = {comment["id"]: comment for comment in found}
        meant = (
            sa.select(MENTIONS.c.comment_id, MENTIONS.c.user_id, people.name(viewer).label("name"))
            .select_from(MENTIONS.join(USERS, USERS.c.id == MENTIONS.c.user_id))
            .where(MENTIONS.c.comment_id.in_(by_key))
            .order_by(MENTIONS.c.id)
        )
        for row in await connection.execute(meant):
            by_key[row.comment_id]["mentions"].append({"user_id": row.user_id, "name": row.name})
    return found


async def counts(hazard_id: UUID, user_id: UUID | None) -> tuple[int, int]:
    """How many comments there are, and how many of them somebody has not seen."""
    new = sa.func.count().filter(is_unread(user_id))
    query = sa.select(sa.func.count(), new).select_from(seen_by(user_id)).where(COMMENTS.c.hazard_id == hazard_id)
    async with database.connection() as connection:
        total, unseen = (await connection.execute(query)).one()
    return total, unseen


async def mark_read(actor: Actor, hazard_id: UUID, until: dt.datetime | None = None) -> int:
    """Somebody has seen the comments up to that moment, all without one; how many were new to them.

    A note of theirs, so it is told in the stream of accounts and not in the history of the project.
    """
    mine = COMMENTS.c.hazard_id == hazard_id
    seen = sa.and_(mine, COMMENTS.c.created_date <= until) if until else mine
    newest_one = sa.func.max(COMMENTS.c.created_date)
    new = sa.func.count().filter(is_unread(actor.user_id))
    async with database.transaction() as connection:
        query = sa.select(newest_one, new).select_from(seen_by(actor.user_id)).where(seen)
        moment, count = (await connection.execute(query)).one()
        if not count or actor.user_id is None:
            return 0
        await note_reading(actor.user_id, hazard_id, moment)
        shown = hazard_notices.NOTICES.c.comment_id.in_(sa.select(COMMENTS.c.id).where(seen))
        await hazard_notices.mark_read(actor, actor.user_id, shown)
        told = {"hazard_id": hazard_id, "comments": count}
        await audit.append(actor, Change("comment:read", "comment", after=told))
    return int(count)


async def note_reading(user_id: UUID, hazard_id: UUID, moment: dt.datetime) -> None:
    row = {"id": new_id(), "user_id": user_id, "hazard_id": hazard_id, "read_date": moment}
    async with database.connection() as connection:
        await connection.execute(
            upsert(connection.dialect.name, READINGS, [row], key=["user_id", "hazard_id"], change=["read_date"])
        )

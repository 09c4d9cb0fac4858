"""What is stored about sessions and people, as a test reads it and moves it: hours pass by an UPDATE."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from authentication.sessions import ACTIVITY, SESSIONS, USERS
from models.audit.audit import COMMAND_LINE, ENTRIES
from models.storage.database import database
from models.users import accounts


async def rows(query: sa.Select[Any]) -> list[dict[str, Any]]:
    async with database.connection() as connection:
        return [dict(row) for row in (await connection.execute(query)).mappings()]


async def change(statement: sa.Update | sa.Delete | sa.Insert) -> None:
    async with database.connection() as connection:
        await connection.execute(statement)


async def sessions_of(user_id: UUID) -> list[dict[str, Any]]:
    """The oldest first."""
    mine = sa.select(SESSIONS).where(SESSIONS.c.user_id == user_id)
    return await rows(mine.order_by(SESSIONS.c.created_date, SESSIONS.c.id))


async def session_id(user_id: UUID) -> UUID:
    """The only session of a person."""
    (session,) = await sessions_of(user_id)
    found: UUID = session["id"]
    return found


def every_user() -> sa.Select[Any]:
    return sa.select(USERS)


def every_session() -> sa.Select[Any]:
    return sa.select(SESSIONS)


async def set_user(user_id: UUID, **values: Any) -> None:
    await change(sa.update(USERS).where(USERS.c.id == user_id).values(**values))


async def used(session: UUID, at: datetime) -> None:
    """As if the last request of a session had been at that time."""
    await change(sa.update(ACTIVITY).where(ACTIVITY.c.session_id == session).values(last_seen=at))


async def last_use(session: UUID) -> datetime:
    (row,) = await rows(sa.select(ACTIVITY).where(ACTIVITY.c.session_id == session))
    found: datetime = row["last_seen"]
    return found


async def add_person(address: str, password_hash: str, **fields: bool) -> UUID:
    names = {"first_name": "Ada", "last_name": "Example"}
    return await accounts.create(COMMAND_LINE, email_address=address, password_hash=password_hash, **names, **fields)


async def history(*actions: str) -> list[dict[str, Any]]:
    """Audit entries of these actions, or all of them; the oldest first."""
    query = sa.select(ENTRIES).order_by(ENTRIES.c.id)
    return await rows(query.where(ENTRIES.c.action.in_(actions)) if actions else query)


async def written() -> int:
    """How many audit entries there are."""
    async with database.connection() as connection:
        found: int = (await connection.execute(sa.select(sa.func.count()).select_from(ENTRIES))).scalar_one()
    return found

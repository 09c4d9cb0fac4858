"""What people had typed into a form and not sent when their session ended: kept sealed, for a while, for them alone."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

import ormar
import sqlalchemy as sa
from cryptography.fernet import InvalidToken

from models.audit import audit
from models.audit.audit import Actor
from models.storage.columns import foreign_key, new_id, primary_key
from models.storage.database import database, table
from models.storage.dates import DateFieldsMixins, upsert
from models.storage.sealing import seal
from models.users.users import User

LONGEST_PATH = 500
LARGEST_FORM = 1_000_000
"""Characters of a form as it is sent; a request can hold no more."""
MOST = 50
"""Drafts that one person may have; the oldest gives way."""
KEPT = timedelta(days=30)


class Draft(DateFieldsMixins, ormar.Model):
    """One for each form, named by its path; `sealed` because an unsent form may hold anything."""

    ormar_config = table("drafts", ormar.UniqueColumns("user_id", "path"))

    id: uuid.UUID = primary_key()
    user: User = foreign_key(User, "user_id", index=False)
    path: str = ormar.String(max_length=LONGEST_PATH)
    sealed: bytes = ormar.LargeBinary(max_length=2_000_000, represent_as_base64_str=False)


DRAFTS = Draft.ormar_config.table


@dataclass(frozen=True)
class Kept:
    """A form as it would have been sent (application/x-www-form-urlencoded), and when it was typed."""

    form: str
    at: datetime


async def keep(actor: Actor, path: str, form: str) -> None:
    """Keep the text of a form in the place of what was kept of it before. NotSignedIn when the session has ended.

    History is not told: nothing of the log changes, and what nobody sent is nobody's business.
    """
    row = {"id": new_id(), "user_id": actor.user_id, "path": path, "sealed": seal.close(form.encode())}
    mine = sa.select(DRAFTS.c.id).where(DRAFTS.c.user_id == actor.user_id)
    newest = mine.order_by(DRAFTS.c.updated_date.desc(), DRAFTS.c.id.desc()).limit(MOST).subquery()
    spare = sa.delete(DRAFTS).where(DRAFTS.c.user_id == actor.user_id, DRAFTS.c.id.not_in(sa.select(newest.c.id)))
    async with database.transaction() as connection:
        change = upsert(connection.dialect.name, DRAFTS, [row], key=("user_id", "path"), change=("sealed",))
        await connection.execute(change)
        await connection.execute(spare)
        await audit.fence(actor)


async def kept(user_id: uuid.UUID, path: str) -> Kept | None:
    """None too for what was sealed by a key that SECRET_KEY no longer names."""
    query = sa.select(DRAFTS.c.sealed, DRAFTS.c.updated_date).where(DRAFTS.c.user_id == user_id, DRAFTS.c.path == path)
    async with database.connection() as connection:
        row = (await connection.execute(query)).one_or_none()
    try:
        return Kept(seal.open(row.sealed).decode(), row.updated_date) if row else None
    except InvalidToken:
        return None


async def discard(actor: Actor, path: str) -> None:
    """Forget it, if there is one. NotSignedIn when the session has ended."""
    mine = sa.delete(DRAFTS).where(DRAFTS.c.user_id == actor.user_id, DRAFTS.c.path == path)
    async with database.transaction() as connection:
        await connection.execute(mine)
        await audit.fence(actor)

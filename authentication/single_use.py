"""Secrets that work once and for a time: in a link of a message, or between two steps of signing in."""

import math
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from authentication.tokens import Tokens
from models.enumerations import Purpose
from models.storage.columns import new_id, utc_now
from models.storage.database import database
from models.users.single_use_tokens import SingleUseToken
from models.users.users import User

TOKENS = SingleUseToken.ormar_config.table
USERS = User.ormar_config.table


@dataclass(frozen=True, slots=True)
class SingleUse:
    """What a secret was issued for; an invitation has no user yet."""

    id: UUID
    user_id: UUID | None
    email_address: str | None
    data: dict[str, Any] | None
    auth_epoch: int
    attempts: int


async def issue(  # noqa: PLR0913 - one keyword for each thing a secret may be bound to
    tokens: Tokens,
    purpose: Purpose,
    lifetime: timedelta,
    *,
    user_id: UUID | None = None,
    email_address: str | None = None,
    data: dict[str, Any] | None = None,
) -> str:
    """A new secret as text for a link, in the caller's transaction; earlier ones go on working until they expire.

    It is bound to the account as it is now: whatever raises `auth_epoch` voids it.
    """
    token, now = tokens.new(), utc_now()
    epoch = sa.select(USERS.c.auth_epoch).where(USERS.c.id == user_id).scalar_subquery()
    async with database.connection() as connection:
        await connection.execute(
            sa.insert(TOKENS).values(
                id=new_id(),
                token_hash=tokens.hash(token),
                purpose=purpose,
                user_id=user_id,
                email_address=email_address,
                auth_epoch=sa.func.coalesce(epoch, 0),
                data=data,
                expires_at=now + lifetime,
            )
        )
    return tokens.cookie(token)


SHORTEST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=1)


async def wait(user_id: UUID, purpose: Purpose) -> int:
    """Seconds until a person may be sent another secret for this purpose, so that nobody floods their mailbox.

    A minute after the first of a day, and twice as long after each more, up to an hour. Sure only under the lock of
    the account.
    """
    now = utc_now()
    sent = [TOKENS.c.user_id == user_id, TOKENS.c.purpose == purpose, TOKENS.c.created_date > now - timedelta(days=1)]
    query = sa.select(sa.func.count(), sa.func.max(TOKENS.c.created_date)).where(*sent)
    async with database.connection() as connection:
        count, last = (await connection.execute(query)).one()
    if not count:
        return 0
    remaining: timedelta = last + min(SHORTEST_WAIT * 2 ** min(count - 1, 10), LONGEST_WAIT) - now
    return max(0, math.ceil(remaining.total_seconds()))


COLUMNS = [TOKENS.c[name] for name in SingleUse.__slots__]


async def look(tokens: Tokens, text: str, purpose: Purpose) -> SingleUse | None:
    """What a secret was issued for, while it works; None for every other text."""
    if (token := tokens.read(text)) is None:
        return None
    async with database.connection() as connection:
        found = await connection.execute(sa.select(*COLUMNS).where(*_working(tokens, token, purpose)))
        row = found.one_or_none()
    return SingleUse(*row) if row else None


async def attempt(tokens: Tokens, text: str, purpose: Purpose, most: int) -> SingleUse | None:
    """The same, and one try of `most` is counted with the caller's commit; None when there is none left.

    Tries of one secret follow each other, so that many at once are not more than `most`.
    """
    if (token := tokens.read(text)) is None:
        return None
    counted = sa.update(TOKENS).where(*_working(tokens, token, purpose), TOKENS.c.attempts < most)
    async with database.transaction() as connection:
        values = {"attempts": TOKENS.c.attempts + 1}
        row = (await connection.execute(counted.values(**values).returning(*COLUMNS))).one_or_none()
    return SingleUse(*row) if row else None


async def spend(tokens: Tokens, text: str, purpose: Purpose) -> SingleUse | None:
    """The same, and from the caller's commit on it works no more; of two who spend it at once, one gets None."""
    if (token := tokens.read(text)) is None:
        return None
    used = sa.update(TOKENS).where(*_working(tokens, token, purpose)).values(used_at=utc_now())
    async with database.transaction() as connection:
        row = (await connection.execute(used.returning(*COLUMNS))).one_or_none()
    return SingleUse(*row) if row else None


def _working(tokens: Tokens, token: bytes, purpose: Purpose) -> list[sa.ColumnElement[bool]]:
    current = sa.select(USERS.c.auth_epoch).where(USERS.c.id == TOKENS.c.user_id, USERS.c.is_active).scalar_subquery()
    return [
        TOKENS.c.token_hash.in_(tokens.hashes(token)),
        TOKENS.c.purpose == purpose,
        TOKENS.c.used_at.is_(None),
        TOKENS.c.expires_at > utc_now(),
        sa.or_(TOKENS.c.user_id.is_(None), TOKENS.c.auth_epoch == current),
    ]

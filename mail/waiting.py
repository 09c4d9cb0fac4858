"""Letters that wait: one worker at a time has one, and a worker that dies loses none.

A worker takes a letter by moving its next attempt behind the time that an attempt can last: a lease, without a
transaction that stays open while a mail server thinks. What a worker leaves unsettled is due again after that.
"""

import random
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa

from mail.outbox import MESSAGES
from models.storage.columns import utc_now
from models.storage.database import database

MOST_ATTEMPTS = 10
FIRST_DELAY = timedelta(minutes=1)
LONGEST_DELAY = timedelta(hours=6)
"""With a delay that triples from the first to the longest, ten attempts take about a day."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A letter, taken; `attempts` counts this one too, and tells a worker whether it is still its own."""

    id: UUID
    template: str
    sealed: bytes
    attempts: int


COLUMNS = [MESSAGES.c[name] for name in Waiting.__slots__]


async def take(lease: timedelta) -> Waiting | None:
    """The letter that has been due longest, for nobody else until the lease has passed; None when none is due."""
    now = utc_now()
    due = sa.select(MESSAGES.c.id).where(MESSAGES.c.next_attempt_at <= now).limit(1)
    async with database.connection() as connection:
        # A look without a lock first: on SQLite there is one lock for all writers.
        if (await connection.execute(due)).first() is None:
            return None
    chosen = due.order_by(MESSAGES.c.next_attempt_at).with_for_update(skip_locked=True).scalar_subquery()
    taken = {"attempts": MESSAGES.c.attempts + 1, "next_attempt_at": now + lease}
    async with database.transaction() as connection:
        update = sa.update(MESSAGES).where(MESSAGES.c.id == chosen).values(**taken)
        row = (await connection.execute(update.returning(*COLUMNS))).one_or_none()
    return Waiting(*row) if row else None


async def sent(letter: Waiting) -> None:
    """Its content is forgotten, as from now on it can only leak."""
    await _settle(letter, sent_at=utc_now(), next_attempt_at=None, sealed=b"", problem="")


async def given_up(letter: Waiting, problem: str) -> None:
    await _settle(letter, _still_ours(letter), failed_at=utc_now(), next_attempt_at=None, sealed=b"", problem=problem)


async def put_off(letter: Waiting, problem: str) -> None:
    await _settle(letter, _still_ours(letter), next_attempt_at=utc_now() + delay(letter.attempts), problem=problem)


def _still_ours(letter: Waiting) -> sa.ColumnElement[bool]:
    """A worker that was asleep beyond its lease says nothing about the attempt of another."""
    return MESSAGES.c.attempts == letter.attempts


async def _settle(letter: Waiting, *conditions: sa.ColumnElement[bool], **values: object) -> None:
    async with database.connection() as connection:
        mine = [MESSAGES.c.id == letter.id, MESSAGES.c.sent_at.is_(None), *conditions]
        await connection.execute(sa.update(MESSAGES).where(*mine).values(**values))


def delay(attempts: int) -> timedelta:
    """How long to wait after so many attempts, a fifth more or less: what failed together does not return together."""
    usual: timedelta = min(FIRST_DELAY * 3 ** (attempts - 1), LONGEST_DELAY)
    return usual * random.uniform(0.8, 1.2)  # noqa: S311 - spreads load, guards nothing

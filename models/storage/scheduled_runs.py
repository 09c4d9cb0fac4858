"""Work that is done now and then, by one node at a time: whose turn it is, and what came of the last run."""

import datetime as dt
from typing import Any

import ormar
import sqlalchemy as sa

from models.storage.columns import JSONB, UTCDateTime, utc_now
from models.storage.database import database, table
from models.storage.dates import DateFieldsMixins, upsert


class ScheduledRun(DateFieldsMixins, ormar.Model):
    """Whoever moves `claimed_until` into the future runs it; the turn of a node that dies ends when that has passed."""

    ormar_config = table("scheduled_runs")

    name: str = ormar.String(max_length=50, primary_key=True)
    claimed_until: dt.datetime | None = UTCDateTime(nullable=True)
    finished_at: dt.datetime | None = UTCDateTime(nullable=True)
    outcome: dict[str, Any] | None = JSONB(nullable=True)


RUNS = ScheduledRun.ormar_config.table


async def last(name: str) -> ScheduledRun | None:
    """What is known of it; None before its first run."""
    return await ScheduledRun.objects.get_or_none(name=name)


def is_due(run: ScheduledRun | None, every: dt.timedelta) -> bool:
    """Whether to ask for a turn: a look that locks nothing."""
    return run is None or run.finished_at is None or run.finished_at <= utc_now() - every


async def claim(name: str, every: dt.timedelta, lease: dt.timedelta) -> bool:
    """Take the turn until the lease has passed; False when another node has it, or had it less than `every` ago."""
    now = utc_now()
    free = sa.or_(RUNS.c.claimed_until.is_(None), RUNS.c.claimed_until <= now)
    due = sa.or_(RUNS.c.finished_at.is_(None), RUNS.c.finished_at <= now - every)
    async with database.transaction() as connection:
        await connection.execute(upsert(connection.dialect.name, RUNS, [{"name": name}], key=["name"], change=["name"]))
        taken = sa.update(RUNS).where(RUNS.c.name == name, free, due).values(claimed_until=now + lease)
        return (await connection.execute(taken)).rowcount == 1


async def extend(name: str, lease: dt.timedelta) -> None:
    """Keep the turn, for work that takes longer than one lease."""
    async with database.connection() as connection:
        await connection.execute(sa.update(RUNS).where(RUNS.c.name == name).values(claimed_until=utc_now() + lease))


async def finish(name: str, outcome: dict[str, Any]) -> None:
    done = {"claimed_until": None, "finished_at": utc_now(), "outcome": outcome}
    async with database.connection() as connection:
        await connection.execute(sa.update(RUNS).where(RUNS.c.name == name).values(**done))

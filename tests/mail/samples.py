"""A letter to send, and what the database holds of those that were queued."""

from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from mail import outbox
from models.storage.columns import utc_now
from models.storage.database import database

SECRET = "s3cr3t-of-a-link"


async def queue_sample(name: str = "Ada", to: str = "ada@example.org") -> None:
    async with database.transaction():
        await outbox.queue("sample", to, name=name, link=outbox.link("/auth/verify/", token=SECRET))


async def queue_many(count: int) -> list[str]:
    """The addresses that letters are queued to."""
    addresses = [f"reader{number}@example.org" for number in range(count)]
    async with database.transaction():
        for address in addresses:
            await outbox.queue("sample", address, name="Ada", link=outbox.link("/auth/verify/", token=SECRET))
    return addresses


async def stored() -> list[dict[str, Any]]:
    async with database.connection() as connection:
        rows = await connection.execute(sa.select(outbox.MESSAGES).order_by(outbox.MESSAGES.c.created_date))
        return [dict(row) for row in rows.mappings()]


async def the_only() -> dict[str, Any]:
    (row,) = await stored()
    return row


async def let_time_pass(time: timedelta) -> None:
    """For the letters that wait: they are due so much earlier."""
    waits = outbox.MESSAGES.c.next_attempt_at
    async with database.connection() as connection:
        for id_, due in (
            await connection.execute(sa.select(outbox.MESSAGES.c.id, waits).where(waits > utc_now()))
        ).all():
            change = sa.update(outbox.MESSAGES).where(outbox.MESSAGES.c.id == id_)
            await connection.execute(change.values(next_attempt_at=due - time))

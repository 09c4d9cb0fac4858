"""Real servers on one outbox: each letter goes once, and what a killed server held goes by another."""

import asyncio
from collections import Counter
from datetime import timedelta

from config import Settings
from tests.mail.mail_server import Post
from tests.mail.samples import SECRET, let_time_pass, queue_many, stored
from tests.servers import served, started

MANY = 100
PATIENCE = 60
"""Seconds after which a letter that arrived must be marked; only a worker that hangs is slower."""


async def all_settled() -> None:
    async with asyncio.timeout(PATIENCE):
        while any(row["next_attempt_at"] for row in await stored()):  # noqa: ASYNC110 - set by another process
            await asyncio.sleep(0.05)


async def test_two_servers_send_each_letter_once(plain: Settings, post: Post) -> None:
    readers = await queue_many(MANY)
    with served(plain.DATABASE_URL, **post.settings()), served(plain.DATABASE_URL, **post.settings()):
        await asyncio.to_thread(post.wait, MANY)
        await all_settled()
    assert Counter(letter.to for letter in post.taken) == dict.fromkeys(readers, 1)
    assert all(row["sent_at"] and not row["sealed"] for row in await stored())


async def test_a_server_that_is_killed_loses_none(plain: Settings, post: Post) -> None:
    """The letter that it was sending may arrive twice, as nobody knows whether it was taken."""
    readers = await queue_many(MANY)
    with started(plain.DATABASE_URL, **post.settings()) as first:
        await asyncio.to_thread(post.wait, MANY // 5)
        first.kill()
    sent_before = len(post.taken)
    assert sent_before < MANY
    held = [row for row in await stored() if row["attempts"] and row["next_attempt_at"]]
    assert len(held) <= 1
    await let_time_pass(timedelta(minutes=3))
    with served(plain.DATABASE_URL, **post.settings()):
        await all_settled()
    arrived = Counter(letter.to for letter in post.taken)
    assert arrived.keys() == set(readers)
    assert sum(arrived.values()) <= MANY + 1
    assert all(SECRET in letter.links[0] for letter in post.taken)

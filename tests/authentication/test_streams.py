"""Streams without a client: whom news reach, how seldom, and how they end."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from authentication import streams
from authentication.sessions import SessionPolicy
from authentication.streams import EVERYONES, OWN, Stream, Streams
from authentication.tokens import Tokens
from errors import Unavailable
from models.storage.columns import new_id

LONG = 30


@pytest.fixture
def held() -> Streams:
    hour = timedelta(hours=1)
    return Streams(SessionPolicy(Tokens(("a-key-for-tests-only-0123456789-abcdefgh",)), hour, hour, 10))


def add(held: Streams, *, sees_everyone: bool = False) -> Stream:
    stream = Stream(new_id(), new_id(), sees_everyone)
    held._open[stream.session_id] = [stream]
    return stream


def test_news_reach_those_who_may_know(held: Streams) -> None:
    mine, other, operators = add(held), add(held), add(held, sees_everyone=True)
    held._tell({mine.user_id})
    assert (mine.news, other.news, operators.news) == ({OWN}, set(), {EVERYONES})
    held._tell({operators.user_id})
    assert operators.news == {OWN, EVERYONES}


def test_news_of_anyone_reach_everyone_and_none_reach_nobody(held: Streams) -> None:
    mine, operators = add(held), add(held, sees_everyone=True)
    held._tell(set())
    assert (mine.news, operators.news) == (set(), set())
    held._tell({None})
    assert (mine.news, operators.news) == ({OWN}, {OWN, EVERYONES})


async def test_a_client_that_reads_slowly_piles_nothing_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "PACE_SECONDS", 0)
    stream = Stream(new_id(), new_id(), sees_everyone=False)
    for _ in range(10_000):
        stream.tell(OWN)
    events = stream.events()
    assert await anext(events) == OWN
    stream.end("session-ended")
    assert [name async for name in events] == ["session-ended"]


async def test_news_wait_for_their_pace_and_an_end_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "PACE_SECONDS", 3600)
    stream = Stream(new_id(), new_id(), sees_everyone=False, news={OWN})
    events = stream.events()
    assert await anext(events) == OWN
    stream.tell(OWN)
    rest = asyncio.ensure_future(collected(events))
    for _ in range(5):
        await asyncio.sleep(0)
    assert not rest.done()
    stream.end("session-ended")
    async with asyncio.timeout(LONG):
        assert await rest == ["session-ended"]


async def collected(events: AsyncIterator[str]) -> list[str]:
    return [name async for name in events]


async def test_a_silent_stream_gives_signs_of_life(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "PACE_SECONDS", 0)
    monkeypatch.setattr(streams, "KEEP_ALIVE_SECONDS", 0)
    events = Stream(new_id(), new_id(), sees_everyone=False).events()
    assert [await anext(events) for _ in range(3)] == ["", "", ""]


async def test_the_first_end_counts() -> None:
    stream = Stream(new_id(), new_id(), sees_everyone=False)
    stream.end("session-ended")
    stream.end()
    assert await collected(stream.events()) == ["session-ended"]


async def test_what_was_heard_while_the_database_was_away_is_not_forgotten(
    held: Streams, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Also a fault of ours stops no later check."""
    failures: list[Exception] = [ZeroDivisionError(), Unavailable()]

    async def check(some: list[Stream]) -> set[object]:
        if failures:
            raise failures.pop()
        return set()

    monkeypatch.setattr(streams, "AGAIN_SECONDS", 0)
    monkeypatch.setattr(held, "check", check)
    stream = add(held)
    held._used.set()
    held.hear(frozenset({stream.user_id}))
    working = asyncio.create_task(held._begin(held._answer))
    async with asyncio.timeout(LONG):
        await stream.stirred.wait()
    working.cancel()
    assert (stream.news, failures) == ({OWN}, [])
    assert [record.levelname for record in caplog.records] == ["WARNING", "ERROR"]

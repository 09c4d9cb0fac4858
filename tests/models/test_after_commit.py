"""What waits for the commit: notices to others, which must never tell of what was rolled back."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

import pytest

from models import User
from models.storage.database import Database
from tests.models.samples import make_user


class Notices:
    """Callbacks that write down their name and how many users another task saw at that moment."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, int]] = []

    def __call__(self, name: str) -> Callable[[], Awaitable[None]]:
        async def send() -> None:
            self.sent.append((name, await asyncio.create_task(User.objects.count())))

        return send


@pytest.fixture
def notices() -> Notices:
    return Notices()


async def test_runs_after_the_commit_in_order(database: Database, notices: Notices) -> None:
    async with database.transaction():
        database.after_commit(notices("first"))
        await make_user()
        async with database.transaction():
            database.after_commit(notices("second"))
        assert notices.sent == []
    assert notices.sent == [("first", 1), ("second", 1)]


async def test_the_connection_is_back_before(database: Database) -> None:
    async def write() -> None:
        assert database.get_transaction_connection() is None
        async with database.transaction():
            await make_user("later@b")

    async with database.transaction():
        database.after_commit(write)
    assert await User.objects.count() == 1


async def test_never_runs_after_a_rollback(database: Database, notices: Notices) -> None:
    async def break_off() -> None:
        async with database.transaction():
            database.after_commit(notices("lost"))
            raise ValueError("broken off")

    with pytest.raises(ValueError, match="broken off"):
        await break_off()
    async with database.transaction():
        database.after_commit(notices("kept"))
        with pytest.raises(ValueError, match="broken off"):
            await break_off()
    assert notices.sent == [("kept", 0)]


async def test_one_that_fails_is_logged_and_stops_nobody(
    database: Database, notices: Notices, caplog: pytest.LogCaptureFixture
) -> None:
    async def fail() -> None:
        raise ValueError("no line to the other node")

    with caplog.at_level(logging.ERROR):
        async with database.transaction():
            database.after_commit(fail)
            database.after_commit(notices("sent"))
            await make_user()
    assert notices.sent == [("sent", 1)]
    assert "no line to the other node" in caplog.text


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_needs_a_transaction_to_wait_for(database: Database, notices: Notices) -> None:
    with pytest.raises(RuntimeError, match="open transaction"):
        database.after_commit(notices("never"))

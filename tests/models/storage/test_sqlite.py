"""Holds our SQLite connection to closing its file, also when closing is interrupted."""

import asyncio
import contextlib
import sqlite3
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from models.storage.sqlite import Connection


async def locked(path: Path) -> Connection:
    connection = Connection(str(path), isolation_level=None)
    await connection
    await connection.execute("BEGIN IMMEDIATE")
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        take_lock(path)
    return connection


def take_lock(path: Path) -> None:
    with contextlib.closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as file:
        file.execute("BEGIN IMMEDIATE")


async def close(connection: Connection) -> None:
    await connection.close()


async def stop(connection: Connection) -> None:
    stopped = connection.stop()
    assert stopped
    await stopped


async def stop_before_closing_began(connection: Connection) -> None:
    """What SQLAlchemy does when a task is cancelled a second time while it closes after the first."""
    closing = asyncio.create_task(connection.close())
    stopped = connection.stop()
    # Whether it hears that the connection is closed already depends on the thread; that it ends does not.
    await asyncio.wait_for(asyncio.gather(closing, return_exceptions=True), 10)
    assert stopped
    await stopped


async def stop_while_closing(connection: Connection) -> None:
    closing = asyncio.create_task(connection.close())
    await asyncio.sleep(0)
    connection.stop()
    await asyncio.wait_for(closing, 10)


@pytest.mark.parametrize("leave", [close, stop, stop_before_closing_began, stop_while_closing])
async def test_the_lock_goes_with_the_connection(
    tmp_path: Path, leave: Callable[[Connection], Awaitable[None]]
) -> None:
    connection = await locked(tmp_path / "turva.db")
    await leave(connection)
    await asyncio.to_thread(connection._thread.join, 10)
    assert not connection._thread.is_alive()
    take_lock(tmp_path / "turva.db")


async def test_cancelled_while_opening(tmp_path: Path) -> None:
    opening = Connection(str(tmp_path / "turva.db"), check_same_thread=False)

    async def open_it() -> None:
        await opening

    task = asyncio.create_task(open_it())
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await asyncio.to_thread(opening._thread.join, 10)
    assert not opening._thread.is_alive()
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        opening._files[0].execute("SELECT 1")

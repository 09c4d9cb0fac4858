"""What the database is told at start, and what it refuses to be told."""

import pytest
import sqlalchemy as sa

from models.storage.connecting import driver_url
from models.storage.database import Database


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("mysql://root:hunter2@localhost/turva", "must begin with"),
        ("hunter2", "must begin with"),
        ("", "must begin with"),
        ("sqlite://", "needs a file"),
        ("sqlite:///:memory:", "needs a file"),
    ],
)
def test_an_address_that_cannot_work_is_refused_without_repeating_it(url: str, words: str) -> None:
    with pytest.raises(ValueError, match=words) as caught:
        Database().configure(url)
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "driven"),
    [
        ("sqlite:///var/turva.db", "sqlite+aiosqlite:///var/turva.db"),
        ("sqlite:////srv/turva.db", "sqlite+aiosqlite:////srv/turva.db"),
        ("postgresql://u:p%40w@host:5433/turva", "postgresql+asyncpg://u:p%40w@host:5433/turva"),
        ("postgres://host/turva", "postgresql+asyncpg://host/turva"),
        ("postgresql://host/turva?sslmode=require", "postgresql+asyncpg://host/turva?ssl=require"),
    ],
)
def test_the_driver_is_ours(url: str, driven: str) -> None:
    assert driver_url(url).render_as_string(hide_password=False) == driven


async def test_is_told_once_before_it_connects(database: Database, database_url: str) -> None:
    engine = database.engine
    await database.connect()
    assert database.engine is engine
    with pytest.raises(RuntimeError, match="disconnect"):
        database.configure(database_url)


async def test_says_what_is_missing() -> None:
    database = Database()
    with pytest.raises(RuntimeError, match="configure"):
        await database.connect()
    database.configure("sqlite:///never-opened.db")
    with pytest.raises(RuntimeError, match="connect"):
        async with database.connection():
            pass
    with pytest.raises(RuntimeError, match="connect"):
        async with database.transaction():
            pass
    await database.disconnect()


async def test_connects_again_after_it_was_disconnected(database: Database) -> None:
    await database.disconnect()
    await database.connect()
    async with database.transaction() as connection:
        assert (await connection.execute(sa.text("SELECT 1"))).scalar() == 1


async def test_a_connection_cannot_be_put_in_from_outside(database: Database) -> None:
    with pytest.raises(RuntimeError, match="transaction"):
        database.set_transaction_connection(None)


async def settings_of(database: Database, names: list[str]) -> dict[str, str]:
    ask = "SHOW {}" if database.is_postgresql else "PRAGMA {}"
    async with database.transaction() as connection:
        return {name: str((await connection.exec_driver_sql(ask.format(name))).scalar()) for name in names}


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_sqlite_checks_references_and_lets_readers_read_while_one_writes(database: Database) -> None:
    assert not database.is_postgresql
    expected = {"foreign_keys": "1", "journal_mode": "wal", "synchronous": "1", "busy_timeout": "5000"}
    assert await settings_of(database, list(expected)) == expected


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
async def test_postgresql_ends_what_takes_too_long_by_itself(database: Database) -> None:
    assert database.is_postgresql
    expected = {
        "statement_timeout": "30s",
        "lock_timeout": "5s",
        "idle_in_transaction_session_timeout": "1min",
        "TimeZone": "UTC",
        "application_name": "turva",
    }
    assert await settings_of(database, list(expected)) == expected

"""Runs the history up and down on both databases, alone and several at once."""

import asyncio
import os
import sys
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command

from migrations.run import CONFIGURATION, locked_connection, run, upgrade
from models.storage.database import metadata
from tests.databases import Databases
from tests.migrations.reflection import inspected, triggers
from tests.migrations.test_guards import guards

ROOT = CONFIGURATION.parent

APPEND_ONLY = {
    "sqlite": {
        "audit_entries_no_update",
        "audit_entries_no_delete",
        "audit_entries_no_replace",
        "audit_entries_continue",
        "audit_entries_move_head",
        "audit_heads_begin",
        "audit_heads_forward",
        "audit_heads_stay",
    },
    "postgresql": {
        "audit_entries_append_only",
        "audit_entries_continue",
        "audit_heads_forward",
        "audit_heads_stay",
    },
}


async def test_goes_up_down_and_up_again(empty_database_url: str) -> None:
    await upgrade(empty_database_url)
    first = await inspected(empty_database_url)
    assert "hazards" in first
    await run(lambda configuration: command.downgrade(configuration, "base"), empty_database_url)
    assert set(await inspected(empty_database_url)) == {"alembic_version"}
    await upgrade(empty_database_url)
    assert await inspected(empty_database_url) == first


async def test_a_second_upgrade_changes_nothing(database_url: str) -> None:
    before = await inspected(database_url)
    await upgrade(database_url)
    assert await inspected(database_url) == before


async def test_the_models_need_no_further_migration(database_url: str) -> None:
    await run(command.check, database_url)


async def test_the_history_ends_where_the_models_are(database_url: str, empty_database_url: str) -> None:
    """Alembic's own check does not see CHECK constraints, such as those of enumerations."""
    async with locked_connection(empty_database_url) as connection:
        await connection.run_sync(metadata.create_all)
    migrated = await inspected(database_url)
    del migrated["alembic_version"]
    assert described(migrated) == await inspected(empty_database_url)


def described(tables: dict[str, Any]) -> dict[str, Any]:
    """Without the index of words, which each database has in SQL of its own (tests/migrations/test_guards.py)."""
    indexes = tables["hazard_search"]["rest"][-1]
    indexes[:] = [index for index in indexes if "ix_hazard_search_words" not in index]
    return {name: table for name, table in tables.items() if not name.startswith("hazard_words")}


async def test_triggers_are_all_there(database_url: str, backend: str) -> None:
    """Neither comparison sees triggers, and a batch that copies a table on SQLite drops them without a word."""
    assert await triggers(database_url) == APPEND_ONLY[backend] | guards(backend)


async def test_a_missing_sqlite_folder_is_made(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/new/folder/turva.db"
    await upgrade(url)
    assert "hazards" in await inspected(url)


async def processes(count: int, *arguments: str, url: str | None, folder: Path) -> list[tuple[int, str]]:
    """Exit code and output of several processes that start together, far from the repository."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("DATABASE_")}
    environment = inherited | {"PYTHONPATH": str(ROOT)} | ({"DATABASE_URL": url} if url else {})
    started = [
        await asyncio.create_subprocess_exec(
            sys.executable,
            *arguments,
            env=environment,
            cwd=folder,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        for _ in range(count)
    ]
    outputs = [(await process.communicate())[0].decode() for process in started]
    return [(process.returncode or 0, output) for process, output in zip(started, outputs, strict=True)]


async def test_three_nodes_may_migrate_at_once(empty_database_url: str, tmp_path: Path) -> None:
    program = "import asyncio, os; from migrations.run import upgrade; asyncio.run(upgrade(os.environ['DATABASE_URL']))"
    ended = await processes(3, "-c", program, url=empty_database_url, folder=tmp_path)
    assert [code for code, _ in ended] == [0, 0, 0], ended
    assert "hazards" in await inspected(empty_database_url)


async def test_the_alembic_command_reads_the_environment(empty_database_url: str, tmp_path: Path) -> None:
    alembic = ("-m", "alembic", "-c", str(CONFIGURATION))
    for arguments, words in ((("upgrade", "head"), ""), (("check",), "No new upgrade"), (("current",), "(head)")):
        ((code, output),) = await processes(1, *alembic, *arguments, url=empty_database_url, folder=tmp_path)
        assert code == 0, output
        assert words in output


@pytest.mark.parametrize(
    ("url", "arguments", "words"),
    [
        (None, ("upgrade", "head"), "set DATABASE_URL"),
        ("sqlite:///x.db", ("upgrade", "head", "--sql"), "--sql is not supported"),
    ],
)
async def test_the_alembic_command_says_what_it_cannot(
    url: str | None, arguments: tuple[str, ...], words: str, tmp_path: Path
) -> None:
    ((code, output),) = await processes(
        1, "-m", "alembic", "-c", str(CONFIGURATION), *arguments, url=url, folder=tmp_path
    )
    assert code != 0
    assert words in output


async def test_a_role_without_the_right_to_make_schemas_may_use_one_that_is_there(
    postgresql_databases: Databases,
) -> None:
    url = postgresql_databases.create(empty=True)
    async with locked_connection(url) as connection:
        await connection.execute(sa.text("CREATE ROLE tenant LOGIN"))
        await connection.execute(sa.text("CREATE SCHEMA ours AUTHORIZATION tenant"))
    await upgrade(url.replace("postgres@", "tenant@"), "ours")
    assert "hazards" in await inspected(url, "ours")
    assert await inspected(url) == {}
    postgresql_databases.drop(url)

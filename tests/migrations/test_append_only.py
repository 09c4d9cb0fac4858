"""What is in the audit trail stays there, unchanged, whoever asks for it and in whatever words."""

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from models import AuditEntry
from models.storage.database import Database
from tests.models.samples import record

ENTRIES = AuditEntry.ormar_config.table

# A statement with no matching row is refused by PostgreSQL too; SQLite's triggers look at rows.
REFUSED: dict[str, sa.Executable] = {
    "update": sa.update(ENTRIES).values(action="other"),
    "update to itself": sa.update(ENTRIES).values(id=ENTRIES.c.id),
    "delete": sa.delete(ENTRIES),
    "delete one": sa.delete(ENTRIES).where(ENTRIES.c.id == 1),
}
SQLITE_REFUSED: dict[str, sa.Executable] = {
    "replace": sa.text("REPLACE INTO audit_entries (id, at, action, entity) VALUES (1, '2026-01-01', 'x', 'y')"),
    "or replace": sa.insert(ENTRIES).prefix_with("OR REPLACE").values(id=1, action="x", entity="y"),
    "upsert": sqlite.insert(ENTRIES)
    .values(id=1, action="x", entity="y")
    .on_conflict_do_update(index_elements=["id"], set_={"action": "x"}),
}
POSTGRESQL_REFUSED: dict[str, sa.Executable] = {
    "truncate": sa.text("TRUNCATE audit_entries"),
    "upsert": postgresql.insert(ENTRIES)
    .values(id=1, action="x", entity="y")
    .on_conflict_do_update(index_elements=["id"], set_={"action": "x"}),
    "update of no row": sa.update(ENTRIES).where(sa.false()).values(action="other"),
}


async def entries(database: Database) -> list[tuple[int, str]]:
    async with database.connection() as connection:
        return [(row.id, row.action) for row in await connection.execute(sa.select(ENTRIES).order_by(ENTRIES.c.id))]


async def refuse(database: Database, statement: sa.Executable) -> None:
    await record("first", "second")
    before = await entries(database)
    assert [action for _, action in before] == ["first", "second"]
    with pytest.raises(sa.exc.IntegrityError, match="append-only"):
        async with database.transaction() as connection:
            await connection.execute(statement)
    assert await entries(database) == before


@pytest.mark.parametrize("how", REFUSED)
async def test_refused_on_both(database: Database, how: str) -> None:
    await refuse(database, REFUSED[how])


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
@pytest.mark.parametrize("how", SQLITE_REFUSED)
async def test_refused_on_sqlite(database: Database, how: str) -> None:
    await refuse(database, SQLITE_REFUSED[how])


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
@pytest.mark.parametrize("how", POSTGRESQL_REFUSED)
async def test_refused_on_postgresql(database: Database, how: str) -> None:
    await refuse(database, POSTGRESQL_REFUSED[how])


async def test_history_outlives_what_it_tells_of() -> None:
    assert not ENTRIES.foreign_keys

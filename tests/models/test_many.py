"""Many rows at once: what the driver refuses is told as by any other statement."""

from typing import Any

import pytest
import sqlalchemy as sa

from errors import Unavailable
from models import many
from models.audit import ENTRIES
from models.columns import new_id
from models.database import Database
from tests.databases import Databases

ENTRY: dict[str, Any] = {
    "action": "thing:done",
    "entity": "thing",
    "after": {"a": [1, None, "\N{PILL}"]},
    "before": None,
}


def test_batches_hold_everything_in_order() -> None:
    assert [list(some) for some in many.batches(range(7), 3)] == [[0, 1, 2], [3, 4, 5], [6]]
    assert list(many.batches([], 3)) == []
    assert [list(some) for some in many.batches([1, 2], 2)] == [[1, 2]]


@pytest.mark.parametrize("count", [0, 1, many.FEW, many.FEW + 1, 3 * many.FEW])
async def test_any_number_is_stored(database: Database, count: int) -> None:
    project = new_id()
    async with database.transaction() as connection:
        await many.insert(connection, ENTRIES, [{**ENTRY, "project_id": project}] * count)
    async with database.connection() as connection:
        rows = (await connection.execute(sa.select(ENTRIES))).all()
    assert len(rows) == count
    assert {(row.action, str(row.after), row.before, row.project_id) for row in rows} <= {
        ("thing:done", str(ENTRY["after"]), None, project)
    }
    assert all(row.at.tzinfo for row in rows)


async def test_a_fault_of_ours_is_no_passing_failure(database: Database) -> None:
    """A text too long, a key twice: to try again later would not help."""
    with pytest.raises(Exception, match=r"(?i)null") as caught:
        async with database.transaction() as connection:
            await many.insert(connection, ENTRIES, [{**ENTRY, "action": None}] * (many.FEW + 1))
    assert not isinstance(caught.value, Unavailable)


async def test_a_table_that_is_held_by_another_is_unavailable(postgresql_databases: Databases) -> None:
    url = postgresql_databases.create()
    database = Database()
    database.configure(url, lock_timeout=0.2)
    await database.connect()
    try:
        async with database.engine.connect() as holder, holder.begin():
            await holder.exec_driver_sql("LOCK TABLE audit_entries IN ACCESS EXCLUSIVE MODE")
            with pytest.raises(Unavailable):
                async with database.transaction() as connection:
                    await many.insert(connection, ENTRIES, [ENTRY] * (many.FEW + 1))
    finally:
        await database.disconnect()
        postgresql_databases.drop(url)

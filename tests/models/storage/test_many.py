"""Many rows at once: what the driver refuses is told as by any other statement."""

from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from errors import Unavailable
from models.hazards.hazard_additions import HAZARDS
from models.storage import many
from models.storage.columns import new_id
from models.storage.database import Database
from tests.databases import Databases
from tests.models.samples import make_project


def rows(count: int, project: UUID, **fields: Any) -> list[dict[str, Any]]:
    texts = dict.fromkeys(("description", "effect", "harm", "owner"), "")
    given = {"name": "Wrong dose", "status": "open", "version": 1, "project_id": project, "condition": None}
    given |= {"recorded": {"a": [1, None, "\N{PILL}"]}, **texts, **fields}
    return [{**given, "id": new_id(), "number": number} for number in range(count)]


def test_batches_hold_everything_in_order() -> None:
    assert [list(some) for some in many.batches(range(7), 3)] == [[0, 1, 2], [3, 4, 5], [6]]
    assert list(many.batches([], 3)) == []
    assert [list(some) for some in many.batches([1, 2], 2)] == [[1, 2]]


@pytest.mark.parametrize("count", [0, 1, many.FEW, many.FEW + 1, 3 * many.FEW])
async def test_any_number_is_stored(database: Database, count: int) -> None:
    sent = rows(count, (await make_project()).id)
    async with database.transaction() as connection:
        await many.insert(connection, HAZARDS, sent)
    async with database.connection() as connection:
        stored = (await connection.execute(sa.select(HAZARDS).order_by(HAZARDS.c.number))).mappings().all()
    assert [{name: row[name] for name in sent[0]} for row in stored] == sent
    assert all(row["created_date"].tzinfo and row["created_date"] == row["updated_date"] for row in stored)


async def test_a_fault_of_ours_is_no_passing_failure(database: Database) -> None:
    """A text too long, a key twice: to try again later would not help."""
    sent = rows(many.FEW + 1, (await make_project()).id, name=None)
    with pytest.raises(Exception, match=r"(?i)null") as caught:
        async with database.transaction() as connection:
            await many.insert(connection, HAZARDS, sent)
    assert not isinstance(caught.value, Unavailable)


async def test_a_table_that_is_held_by_another_is_unavailable(postgresql_databases: Databases) -> None:
    url = postgresql_databases.create()
    database = Database()
    database.configure(url, lock_timeout=0.2)
    await database.connect()
    try:
        async with database.engine.connect() as holder, holder.begin():
            await holder.exec_driver_sql("LOCK TABLE hazards IN ACCESS EXCLUSIVE MODE")
            with pytest.raises(Unavailable):
                async with database.transaction() as connection:
                    await many.insert(connection, HAZARDS, rows(many.FEW + 1, new_id()))
    finally:
        await database.disconnect()
        postgresql_databases.drop(url)

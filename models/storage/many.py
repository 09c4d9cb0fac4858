"""Stores many rows of a table at once, at the speed of the driver and still by the types of the columns."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, islice
from typing import Any, TypeVar

import asyncpg
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from errors import Unavailable
from models.storage.columns import utc_now
from models.storage.connecting import is_passing

Item = TypeVar("Item")
Found = Iterator[tuple[Any, ...]]

FEW = 50
"""Up to so many rows SQLAlchemy's own way is as fast: what it prepares for a statement, it keeps."""
CLOCK = {"created_date", "updated_date"}
MOST_VALUES = 30_000
"""Of one statement; SQLite takes 32,766."""


async def insert(connection: AsyncConnection, table: sa.Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add rows that all have the columns of the first; left out may be only dates of the clock and what may be NULL."""
    if len(rows) > FEW:
        # In the order of the table, as the statement for SQLite names them.
        names = [column.name for column in table.c if column.name in rows[0] or column.name in CLOCK]
        found = zip(*columns(connection, table, names, rows), strict=True)
        await (copy if connection.dialect.name == "postgresql" else send)(connection, table, names, found)
    elif rows:
        await connection.execute(sa.insert(table), rows)


def columns(
    connection: AsyncConnection, table: sa.Table, names: Sequence[str], rows: Sequence[Mapping[str, Any]]
) -> Iterator[list[Any]]:
    """The values of the rows as the driver takes them; each type is asked for its way once."""
    now = utc_now()
    for name in names:
        convert = table.c[name].type.dialect_impl(connection.dialect).bind_processor(connection.dialect)
        if name not in rows[0]:
            yield [convert(now) if convert else now] * len(rows)
        else:
            given = [row[name] for row in rows]
            yield [convert(value) for value in given] if convert else given


async def copy(connection: AsyncConnection, table: sa.Table, names: Sequence[str], found: Found) -> None:
    driver: Any = (await connection.get_raw_connection()).driver_connection
    try:
        await driver.copy_records_to_table(table.name, records=found, columns=names)
    except asyncpg.PostgresError as error:
        # What SQLAlchemy sends is translated by models.storage.connecting; this goes past it.
        if is_passing(error):
            raise Unavailable from error
        raise


async def send(connection: AsyncConnection, table: sa.Table, names: Sequence[str], found: Found) -> None:
    """Many rows with each statement: SQLite begins a journal for one that a trigger may end, at a high cost."""
    one = str(sa.insert(table).compile(dialect=connection.dialect, column_keys=list(names)))
    another = f", ({', '.join('?' * len(names))})"
    while values := tuple(chain.from_iterable(islice(found, MOST_VALUES // len(names)))):
        await connection.exec_driver_sql(one + another * (len(values) // len(names) - 1), values)


def batches(items: Sequence[Item], size: int) -> Iterator[Sequence[Item]]:
    """Who stores thousands does it in turns, so that other requests get theirs in between."""
    return (items[start : start + size] for start in range(0, len(items), size))

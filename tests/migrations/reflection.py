"""What a database says about its own tables."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.engine import Inspector

from migrations.run import locked_connection

T = TypeVar("T")


async def looked_up(url: str, look: Callable[[sa.Connection], T], schema: str | None = None) -> T:
    async with locked_connection(url, schema) as connection:
        return await connection.run_sync(look)


async def inspected(url: str, schema: str | None = None) -> dict[str, Any]:
    """By table: columns, keys, constraints and indexes, comparable between two databases of one kind."""
    return await looked_up(url, lambda connection: _tables(sa.inspect(connection)), schema)


def _tables(inspector: Inspector) -> dict[str, Any]:
    return {name: _table(inspector, name) for name in inspector.get_table_names()}


def _table(inspector: Inspector, name: str) -> dict[str, Any]:
    columns = {
        column["name"]: (str(column["type"]), column["nullable"], column["default"])
        for column in inspector.get_columns(name)
    }
    rest: list[Iterable[object]] = [
        [inspector.get_pk_constraint(name)],
        inspector.get_foreign_keys(name),
        inspector.get_unique_constraints(name),
        inspector.get_check_constraints(name),
        inspector.get_indexes(name),
    ]
    return {"columns": columns, "rest": [sorted(_words(item) for item in found) for found in rest]}


def _words(value: Any) -> str:
    """SQL expressions, such as the condition of a partial index, are equal when their text is."""
    if isinstance(value, Mapping):
        return str({key: _words(part) for key, part in value.items()})
    return str(value)


TRIGGERS = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
}


async def triggers(url: str) -> set[str]:
    return await looked_up(
        url, lambda connection: set(connection.exec_driver_sql(TRIGGERS[connection.dialect.name]).scalars())
    )

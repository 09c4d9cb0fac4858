"""What every request asks goes straight to PostgreSQL's driver, for a fifth of what the same costs through the pool.

SQLAlchemy still writes the statement, so that there is one definition of it, and asks SQLite itself.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any

import asyncpg
import sqlalchemy as sa
from sqlalchemy.types import TypeEngine

from errors import Unavailable
from models.storage import connecting
from models.storage.connecting import DIALECT

MOST = 8
"""Connections that each process keeps for lookups beside its pool; to wait for one costs more than to have it."""

Convert = Callable[[Any], Any]
Row = tuple[Any, ...]


class Lookup:
    """A SELECT of one row at most, as both ways ask it. Its types must need no codec of SQLAlchemy's, as JSON does."""

    def __init__(self, statement: sa.Select[Any]) -> None:
        self.statement = statement

    @cached_property
    def text(self) -> str:
        return str(self._compiled)

    @cached_property
    def _compiled(self) -> sa.Compiled:
        return self.statement.compile(dialect=DIALECT)

    @cached_property
    def _takes(self) -> list[tuple[str, Any, Convert]]:
        """Name, value where the statement itself has one, and conversion of each parameter, in the driver's order."""
        compiled: Any = self._compiled
        return [(name, compiled.params[name], _to_driver(compiled.binds[name].type)) for name in compiled.positiontup]

    @cached_property
    def _gives(self) -> list[tuple[int, Convert]]:
        """The columns whose values the driver gives otherwise than SQLAlchemy does."""
        found = [(place, _from_driver(column.type)) for place, column in enumerate(self.statement.selected_columns)]
        return [(place, convert) for place, convert in found if convert is not None]

    def parameters(self, values: Mapping[str, Any]) -> list[Any]:
        return [convert(values.get(name, own)) for name, own, convert in self._takes]

    def row(self, record: Any) -> Row:
        values = list(record)
        for place, convert in self._gives:
            values[place] = convert(values[place])
        return tuple(values)


def _to_driver(type_: TypeEngine[Any]) -> Convert:
    return type_.dialect_impl(DIALECT).bind_processor(DIALECT) or _as_it_is


def _from_driver(type_: TypeEngine[Any]) -> Convert | None:
    return type_.dialect_impl(DIALECT).result_processor(DIALECT, None)


def _as_it_is(value: Any) -> Any:
    return value


class _Line:
    """A connection, with the statements that it has prepared: to ask by these costs a tenth less than by their text."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self.connection = connection
        self.prepared: dict[str, Any] = {}

    async def asked(self, text: str, parameters: Sequence[Any]) -> Any:
        statement = self.prepared.get(text)
        if statement is None:
            statement = self.prepared[text] = await self.connection.prepare(text)
        return await statement.fetchrow(*parameters)


class DirectConnections:
    """A few connections of the driver's own; where they fail, the database is as unavailable as by the pool."""

    def __init__(self, settings: connecting.Settings) -> None:
        self._settings = settings
        self._turns = asyncio.Semaphore(MOST)
        self._resting: list[_Line] = []
        self._is_open = True

    async def find(self, lookup: Lookup, values: Mapping[str, Any]) -> Row | None:
        """The row, or None. Unavailable when there is no connection or no answer in time."""
        parameters = lookup.parameters(values)
        await self._turn()
        try:
            record = await self._asked(lookup.text, parameters)
        except (OSError, asyncpg.PostgresError) as error:
            if isinstance(error, OSError) or connecting.is_passing(error):
                raise Unavailable from error
            raise
        finally:
            self._turns.release()
        return None if record is None else lookup.row(record)

    async def close(self) -> None:
        self._is_open = False
        while self._resting:
            await self._resting.pop().connection.close(timeout=self._settings.pool_wait)

    async def _turn(self) -> None:
        if not self._turns.locked():
            await self._turns.acquire()
            return
        try:
            async with asyncio.timeout(self._settings.pool_wait):
                await self._turns.acquire()
        except TimeoutError as error:
            raise Unavailable from error

    async def _asked(self, text: str, parameters: Sequence[Any]) -> Any:
        """On a connection that rested; on a new one where there is none, or where the one that rested was dead."""
        while self._resting:
            line = self._resting.pop()
            if line.connection.is_closed():
                continue
            try:
                return await self._asked_on(line, text, parameters)
            except (OSError, asyncpg.PostgresError) as error:
                if not is_lost(error):
                    raise
                # The others rested as long: each would cost another wait.
                self._forget_resting()
        return await self._asked_on(await self._opened(), text, parameters)

    async def _asked_on(self, line: _Line, text: str, parameters: Sequence[Any]) -> Any:
        answered = False
        try:
            record = await line.asked(text, parameters)
            answered = True
        finally:
            if answered and self._is_open:
                self._resting.append(line)
            else:
                # Also when the task was cancelled: an answer may still come, and is not the next one's.
                line.connection.terminate()
        return record

    async def _opened(self) -> _Line:
        with connecting.acquiring():
            return _Line(await asyncpg.connect(**connecting.driver_arguments(self._settings)))

    def _forget_resting(self) -> None:
        while self._resting:
            self._resting.pop().connection.terminate()


def is_lost(error: OSError | asyncpg.PostgresError) -> bool:
    """Whether the connection is to blame, so that another one may answer; a timeout is its silence.

    Also where a migration changed the columns of what it has prepared.
    """
    if isinstance(error, OSError):
        return True
    outdated = isinstance(error, asyncpg.InvalidCachedStatementError)
    return outdated or bool(error.sqlstate.startswith(connecting.LOST_CLASSES))

"""The one database of the application: Ormar's connection with transactions that belong to one task.

What stock Ormar 0.26 gets wrong, and what was measured, stands in docs/decisions/0001.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, NoReturn, cast

import ormar
import sqlalchemy as sa
from ormar.databases.query_executor import QueryExecutor
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from errors import Unavailable
from models.storage import connecting
from models.storage.lookups import DirectConnections, Lookup, Row

Callback = Callable[[], Awaitable[object]]
LastStep = Callable[[Sequence[Any]], Awaitable[object]]

log = logging.getLogger(__name__)

LOST_ANSWER = "The database did not say whether it stored your change. See if it is there before you try again."


@dataclass(eq=False, slots=True)
class _Transaction:
    connection: AsyncConnection
    task: asyncio.Task[Any] | None
    before_commit: list[tuple[LastStep, Sequence[Any]]] = field(default_factory=list)
    after_commit: list[Callback] = field(default_factory=list)
    authors: set[Any] = field(default_factory=set)


class Database(ormar.DatabaseConnection):
    """Bound to the models at import, configured at start, connected while the application runs."""

    def __init__(self) -> None:
        super().__init__("")
        self.settings: connecting.Settings | None = None
        self._direct: DirectConnections | None = None
        self._writing = asyncio.Lock()
        # Ormar keeps one variable for all databases; ours is this database's own.
        self._open: ContextVar[_Transaction | None] = ContextVar(f"transaction_{id(self)}", default=None)

    def configure(  # noqa: PLR0913 - one keyword for each setting, all but the URL with a sane default
        self,
        url: str,
        *,
        schema: str | None = None,
        pool_size: int = 10,
        max_overflow: int = 10,
        pool_wait: float = 2.0,
        lock_timeout: float = 5.0,
        statement_timeout: float = 30.0,
    ) -> None:
        """Say where the data is; times in seconds. ValueError, without the password, for what cannot work."""
        if self.is_connected:
            raise RuntimeError("disconnect the database before configuring it again")
        self.settings = connecting.Settings(
            url=connecting.driver_url(url),
            schema=connecting.checked_schema(url, schema),
            pool_size=pool_size,
            max_overflow=max_overflow,
            pool_wait=pool_wait,
            lock_timeout=lock_timeout,
            statement_timeout=statement_timeout,
        )
        self._url = self.settings.url.render_as_string(hide_password=False)

    @property
    def is_postgresql(self) -> bool:
        return self._configured().is_postgresql

    def _configured(self) -> connecting.Settings:
        if self.settings is None:
            raise RuntimeError("the database is not configured: call database.configure(url) first")
        return self.settings

    async def connect(self) -> None:
        """Make the pool; no connection is opened before the first use."""
        if self._engine is None:
            settings = self._configured()
            self._engine = connecting.make_engine(settings)
            self._direct = DirectConnections(settings) if settings.is_postgresql else None
            self._writing = asyncio.Lock()
            self._autocommit_engine = connecting.autocommit(self._engine)

    async def disconnect(self) -> None:
        engine, self._engine, self._autocommit_engine = self._engine, None, None
        direct, self._direct = self._direct, None
        if direct is not None:
            await direct.close()
        if engine is not None:
            await engine.dispose()

    def _own(self) -> _Transaction | None:
        """The transaction of this task: a task started inside a transaction does not inherit it."""
        transaction = self._open.get()
        if transaction is None or transaction.task is not asyncio.current_task():
            return None
        return transaction

    @property
    def authors(self) -> set[Any]:
        """Whose changes this task's outermost transaction records, for its last steps; nobody's outside of one."""
        transaction = self._own()
        return transaction.authors if transaction else set()

    def get_transaction_connection(self) -> AsyncConnection | None:
        transaction = self._own()
        return transaction.connection if transaction else None

    def set_transaction_connection(self, conn: AsyncConnection | None) -> NoReturn:
        raise RuntimeError(f"use database.transaction(), a connection is never handed over: {conn!r}")

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncConnection]:  # type: ignore[override]
        """Commit at the end, roll back on any exception; inside another one it is a savepoint.

        Never start tasks that write inside: they have no part in it, and on SQLite they wait for its lock.
        """
        outer = self._own()
        if outer is not None:
            async with self._savepoint(outer):
                yield outer.connection
            return
        async with self._turn(), self._acquire(self._engine) as connection:
            transaction = _Transaction(connection, asyncio.current_task())
            async with _committing(connection), self._published(transaction):
                if not self.is_postgresql:
                    # The write lock now: a read that turns into a write could not wait for it later.
                    await connection.exec_driver_sql("BEGIN IMMEDIATE")
                yield connection
                await _take_last_steps(transaction.before_commit)
        await _run_all(transaction.after_commit)

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        """SQLite has one writer at a time: in this process they queue here, first come first served.

        SQLite itself would have them sleep and try again, and the unlucky one gives up.
        """
        settings = self._configured()
        if settings.is_postgresql:
            yield
            return
        try:
            async with asyncio.timeout(settings.lock_timeout):
                await self._writing.acquire()
        except TimeoutError as error:
            raise Unavailable from error
        try:
            yield
        finally:
            self._writing.release()

    @asynccontextmanager
    async def _published(self, transaction: _Transaction) -> AsyncIterator[None]:
        before = self._open.get()
        self._open.set(transaction)
        try:
            yield
        finally:
            self._open.set(before)

    @asynccontextmanager
    async def _savepoint(self, outer: _Transaction) -> AsyncIterator[None]:
        steps, callbacks = len(outer.before_commit), len(outer.after_commit)
        try:
            async with outer.connection.begin_nested():
                yield
        except BaseException:
            del outer.before_commit[steps:]
            del outer.after_commit[callbacks:]
            raise

    def before_commit(self, step: LastStep, *things: Any) -> None:
        """Call `step` as the last of this task's outermost transaction, once, with the things of all who asked for it.

        What happens in savepoints that were rolled back is left out. A step that fails undoes the transaction.
        """
        transaction = self._own()
        if transaction is None:
            raise RuntimeError("before_commit() needs an open transaction")
        transaction.before_commit.append((step, things))

    def after_commit(self, callback: Callback) -> None:
        """Run `callback` once the outermost transaction of this task is committed and its connection given back."""
        transaction = self._own()
        if transaction is None:
            raise RuntimeError("after_commit() needs an open transaction")
        transaction.after_commit.append(callback)

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[AsyncConnection]:
        """The transaction's connection inside one, else a connection on which each statement stands alone."""
        transaction = self._own()
        if transaction is not None:
            yield transaction.connection
            return
        async with self._acquire(self._autocommit_engine) as connection:
            yield connection

    async def find(self, lookup: Lookup, **values: Any) -> Row | None:
        """What a lookup finds, by the shortest way; inside a transaction as the transaction sees it."""
        if self._direct is not None and self._own() is None:
            return await self._direct.find(lookup, values)
        async with self.connection() as connection:
            row = (await connection.execute(lookup.statement, values)).one_or_none()
        return None if row is None else tuple(row)

    @asynccontextmanager
    async def get_query_executor(self, *, transactional: bool = False) -> AsyncIterator[QueryExecutor]:
        """Every statement of Ormar comes through here; a stream (`iterate`) gets a connection of its own."""
        if transactional and self._own() is None:
            async with self._acquire(self._engine) as connection, connection.begin():
                yield QueryExecutor(connection)
        else:
            async with self.connection() as connection:
                yield QueryExecutor(connection)

    @asynccontextmanager
    async def _acquire(self, engine: AsyncEngine | None) -> AsyncIterator[AsyncConnection]:
        if engine is None:
            raise RuntimeError("the database is not connected: await database.connect() first")
        async with AsyncExitStack() as held:
            with connecting.acquiring():
                connection = await held.enter_async_context(engine.connect())
            yield connection


@asynccontextmanager
async def _committing(connection: AsyncConnection) -> AsyncIterator[None]:
    """Unavailable says that nothing was stored; of a commit whose answer was lost, nobody knows."""
    worked = False
    try:
        async with connection.begin():
            yield
            worked = True
    except Unavailable as error:
        if worked:
            raise Unavailable(LOST_ANSWER) from error
        raise


async def _take_last_steps(wanted: Sequence[tuple[LastStep, Sequence[Any]]]) -> None:
    """A step may ask for further ones, which then follow it."""
    taken = 0
    while taken < len(wanted):
        gathered: dict[LastStep, list[Any]] = {}
        for step, things in wanted[taken:]:
            gathered.setdefault(step, []).extend(things)
        taken = len(wanted)
        for step, found in gathered.items():
            await step(found)


async def _run_all(callbacks: list[Callback]) -> None:
    """What is committed stays committed: a callback that fails is logged and does not turn success into an error."""
    for callback in callbacks:
        try:
            await callback()
        except Exception:
            log.exception("a callback after commit failed")


class Rows(ormar.QuerySet[Any]):
    """Ormar's query set without the one method that stores other bytes than the rest of Ormar."""

    async def bulk_update(self, *_args: Any, **_options: Any) -> NoReturn:
        """It goes around the column types: on SQLite times get another format and UUIDs are refused."""
        raise NotImplementedError("use an UPDATE of SQLAlchemy Core in place of bulk_update()")


# Unique constraints and foreign keys are named as Ormar names those that it makes itself.
metadata = sa.MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uc_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(referred_table_name)s_id_%(column_0_N_name)s",
    }
)
database = Database()
base_config = ormar.OrmarConfig(database=database, metadata=metadata, queryset_class=Rows)


def table(name: str, *constraints: sa.schema.SchemaItem) -> ormar.OrmarConfig:
    """The `ormar_config` of the model of this table; Ormar's annotation forgets that indexes are welcome too."""
    return base_config.copy(tablename=name, constraints=cast(Any, constraints))

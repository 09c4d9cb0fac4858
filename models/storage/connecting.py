"""How a connection is opened on each database, and which of its failures mean "try again later"."""

import math
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import asyncpg
import orjson
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg
from sqlalchemy.engine import URL, Dialect, ExceptionContext
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from errors import Unavailable
from models.storage import sqlite

DRIVERS = {"postgresql": "postgresql+asyncpg", "postgres": "postgresql+asyncpg", "sqlite": "sqlite+aiosqlite"}

# SQLSTATE classes and codes (PostgreSQL, appendix A) of a server that cannot serve now but may soon:
# connection lost, no resources, shutting down; statement or lock timeout, deadlock, standby after a failover.
LOST_CLASSES = ("08", "57P")
PASSING_CLASSES = (*LOST_CLASSES, "53")
PASSING_STATES = {"57014", "55P03", "40001", "40P01", "25006", "25P03"}

DIALECT: Dialect = PGDialect_asyncpg()  # type: ignore[no-untyped-call]

# Seconds after which a connection that rested in the pool is asked whether it still lives.
RESTED = 1.0

# Seconds beyond a statement's limit after which a server that should have ended it is given up.
GRACE = 5.0

# SQLite's primary result codes BUSY, LOCKED, READONLY, IOERR, FULL, CANTOPEN.
PASSING_RESULTS = {5, 6, 8, 10, 13, 14}


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the data is and how long to wait for it; times in seconds."""

    url: URL
    schema: str | None
    pool_size: int
    max_overflow: int
    pool_wait: float
    lock_timeout: float
    statement_timeout: float

    @property
    def is_postgresql(self) -> bool:
        return self.url.get_backend_name() == "postgresql"

    def engine_options(self) -> dict[str, Any]:
        return {
            "pool_size": self.pool_size,
            "max_overflow": self.max_overflow,
            "pool_timeout": self.pool_wait,
            "json_serializer": written,
            # Errors reach logs, and parameters are personal data or secrets.
            "hide_parameters": True,
            "connect_args": self._postgresql() if self.is_postgresql else self._sqlite(),
        }

    def _sqlite(self) -> dict[str, Any]:
        # Python's sqlite3 begins nothing by itself then: a transaction begins where we say BEGIN IMMEDIATE.
        return {"timeout": self.lock_timeout, "isolation_level": None, "async_creator_fn": sqlite.Connection}

    def _postgresql(self) -> dict[str, Any]:
        server_settings = {
            "application_name": "turva",
            "timezone": "UTC",
            "jit": "off",
            "statement_timeout": _milliseconds(self.statement_timeout),
            "lock_timeout": _milliseconds(self.lock_timeout),
            "idle_in_transaction_session_timeout": _milliseconds(2 * self.statement_timeout),
        }
        if self.schema:
            server_settings["search_path"] = self.schema
        # The server's own limit answers first; the driver's is for a server that answers no more.
        return {
            "timeout": self.pool_wait,
            "command_timeout": self.statement_timeout + GRACE,
            "server_settings": server_settings,
        }


def written(value: Any) -> str:
    """JSON as it is stored; parts that were written before are taken as they are (`orjson.Fragment`)."""
    return orjson.dumps(value).decode()


def driver_arguments(settings: Settings) -> dict[str, Any]:
    """What SQLAlchemy gives to PostgreSQL's driver for a connection of the pool."""
    _, arguments = DIALECT.create_connect_args(settings.url)
    return {**arguments, **settings.engine_options()["connect_args"]}


def _milliseconds(seconds: float) -> str:
    return str(round(seconds * 1000))


def driver_url(url: str) -> URL:
    """The URL with the asynchronous driver that we use; ValueError names what is wrong, never the password."""
    try:
        parsed = sa.make_url(url)
    except sa.exc.ArgumentError:
        parsed = URL.create("unknown")
    backend = parsed.get_backend_name()
    if backend not in DRIVERS:
        raise ValueError("the database URL must begin with sqlite:/// or postgresql://")
    if backend == "sqlite" and parsed.database in (None, "", ":memory:"):
        raise ValueError(
            "SQLite needs a file, such as sqlite:///var/turva.db: one in memory cannot serve several requests"
        )
    if "sslmode" in parsed.query:
        # libpq and asyncpg have different words for the same values.
        parsed = parsed.update_query_dict({"ssl": parsed.query["sslmode"]}).difference_update_query(["sslmode"])
    return parsed.set(drivername=DRIVERS[backend])


def checked_schema(url: str, schema: str | None) -> str | None:
    if not schema:
        return None
    if driver_url(url).get_backend_name() != "postgresql":
        raise ValueError("a schema needs PostgreSQL: SQLite has none")
    if not re.fullmatch(r"(?!pg_)[a-z_][a-z0-9_]{0,62}", schema):
        raise ValueError("a schema is a lower-case name of at most 63 letters, digits and _, not beginning with pg_")
    return schema


async def own_connection(settings: Settings | None, name: str) -> Any:
    """A connection of the driver that belongs to no pool, for one who keeps it; operators see it by its name.

    OSError or PostgresError when there is none to be had.
    """
    if settings is None:
        raise RuntimeError("the database is not configured: call database.configure(url) first")
    dialect: Any = settings.url.get_dialect()()
    _, address = dialect.create_connect_args(settings.url)
    options = settings.engine_options()["connect_args"]
    options["server_settings"]["application_name"] = name
    return await asyncpg.connect(**address, **options)


def make_engine(settings: Settings) -> AsyncEngine:
    """An engine whose passing failures are `Unavailable`, whoever sent the statement."""
    engine = create_async_engine(settings.url, **settings.engine_options())
    event.listen(engine.sync_engine, "handle_error", _translate)
    if settings.is_postgresql:
        event.listen(engine.sync_engine, "checkin", _note_rest)
        event.listen(engine.sync_engine, "checkout", _check_alive)
    return engine


def _note_rest(_connection: object, record: ConnectionPoolEntry) -> None:
    record.info["rests_since"] = time.monotonic()


def _is_closed(connection: Any) -> bool:
    return bool(connection.driver_connection.is_closed())


def _check_alive(connection: Any, record: ConnectionPoolEntry, _proxy: object) -> None:
    """The pool opens another connection for a dead one.

    Most dead ones the driver knows, since their socket was closed; only after a rest is a round trip worth it.
    SQLAlchemy's own `pool_pre_ping` makes three at every checkout: a query then takes 1.6 times as long.
    """
    if _is_closed(connection):
        raise sa.exc.DisconnectionError
    if time.monotonic() - record.info.get("rests_since", math.inf) > RESTED:
        try:
            connection.ping()
        except (OSError, asyncpg.InterfaceError, asyncpg.PostgresError, connection.dbapi.Error) as error:
            raise sa.exc.DisconnectionError from error


def autocommit(engine: AsyncEngine) -> AsyncEngine:
    """The same pool, each statement on its own.

    SQLite does so already, and to set it again would cost its thread two more turns for every checkout.
    """
    if engine.dialect.name == "sqlite":
        return engine
    return engine.execution_options(isolation_level="AUTOCOMMIT")


def _translate(context: ExceptionContext) -> None:
    """Integrity errors and faults of ours pass unchanged."""
    error = context.original_exception
    if not isinstance(error, Exception):
        # Nothing may hide that a task was cancelled; SQLAlchemy drops its connection.
        return
    # An OSError that is no error of the driver: the line to the server broke, or command_timeout ran out.
    if isinstance(error, OSError):
        context.is_disconnect = True
    if context.is_disconnect or is_passing(error):
        raise Unavailable from error


def is_passing(error: BaseException) -> bool:
    """Whether the same statement may well succeed a little later."""
    state = getattr(error, "sqlstate", None)
    if isinstance(state, str):
        return state in PASSING_STATES or state.startswith(PASSING_CLASSES)
    result = getattr(error, "sqlite_errorcode", None)
    return isinstance(result, int) and result & 0xFF in PASSING_RESULTS


@contextmanager
def acquiring() -> Iterator[None]:
    """Whatever keeps us from a connection is the same to the caller: the database is not to be had now."""
    try:
        yield
    except (OSError, sa.exc.TimeoutError, sa.exc.DBAPIError, asyncpg.PostgresError) as error:
        raise Unavailable from error

"""Statements are compiled once in a process of tests, not once for each of thousands of databases of one kind.

That is a tenth of what such a test costs. Engines of one kind differ in their address alone: all are set up by
`connecting.make_engine`, so what SQLAlchemy compiled for one of them holds for the others.
"""

from typing import Any

from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg
from sqlalchemy.dialects.sqlite.aiosqlite import SQLiteDialect_aiosqlite
from sqlalchemy.engine.interfaces import CompiledCacheType
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.util import LRUCache

from models.storage import connecting

COMPILED: CompiledCacheType = LRUCache(5_000)
"""By dialect and statement; those of a process are some hundreds."""
make_engine = connecting.make_engine


def is_of_that_kind(dialect: object, other: object) -> bool:
    return type(dialect) is type(other)


def kind(dialect: object) -> int:
    return hash(type(dialect))


def make_engine_that_shares(settings: connecting.Settings) -> AsyncEngine:
    engine = make_engine(settings)
    engine.sync_engine._compiled_cache = COMPILED
    return engine


dialects: tuple[Any, ...] = (PGDialect_asyncpg, SQLiteDialect_aiosqlite)
for dialect in dialects:
    dialect.__eq__, dialect.__hash__ = is_of_that_kind, kind
connecting.make_engine = make_engine_that_shares

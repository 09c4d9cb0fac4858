"""A database of Turva as the benchmarks read it: people, ten thousand sessions, a project of ten thousand hazards."""

from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from hashlib import sha256
from itertools import cycle
from types import MappingProxyType
from uuid import UUID

import asyncpg
import httpx

from authentication.passwords import Passwords
from benchmarks._serving import SETTINGS
from benchmarks.hazard_log import hazards
from config import load_settings
from exchange.records import HazardLog
from migrations.run import upgrade
from models.audit.audit import COMMAND_LINE, Actor
from models.enumerations import Standard, Visibility
from models.hazards.hazard_additions import NewHazard
from models.projects import importing, projects
from models.projects.importing import LogFile, OnProblem
from models.storage.database import database
from models.users import accounts
from tests.postgresql import Server

ADA = "ada@example.org"
PASSWORD = "correct horse battery staple"  # noqa: S105 - of a database that is thrown away
NO_CHANGES: Mapping[str, str] = MappingProxyType({})
KINDS = ("Identity", "Medicines", "Interface", "Display", "Availability", "Training", "Migration", "Alerts")

COPY = """
    WITH copied AS (
        INSERT INTO sessions SELECT (jsonb_populate_record(one.session, jsonb_build_object(
            'id', gen_random_uuid(), 'token_hash', '\\x' || encode(hash, 'hex')))).*
        FROM (SELECT sessions AS session FROM sessions LIMIT 1) one, unnest($1::bytea[]) hash RETURNING id, created_date
    ) INSERT INTO session_activity SELECT id, created_date FROM copied
"""


async def new_database(server: Server, name: str) -> str:
    """The URL of an empty database."""
    connection = await asyncpg.connect(server.url())
    await connection.execute(f"CREATE DATABASE {name}")
    await connection.close()
    return server.url(name)


async def add_people(url: str, number: int, changes: Mapping[str, str] = NO_CHANGES) -> None:
    """Make the tables, and so many people with one password; Ada is the first."""
    await upgrade(url)
    passwords = Passwords(load_settings({"DATABASE_URL": url, **SETTINGS, **changes}))
    hashed = await passwords.hash(PASSWORD)
    passwords.close()
    names = {"first_name": "Ada", "last_name": "Example"}
    async with connected(url):
        for one in addresses(number):
            await accounts.create(COMMAND_LINE, email_address=one, password_hash=hashed, is_verified=True, **names)


@asynccontextmanager
async def connected(url: str) -> AsyncIterator[None]:
    database.configure(url)
    await database.connect()
    try:
        yield
    finally:
        await database.disconnect()


def addresses(number: int) -> Iterator[str]:
    yield ADA
    yield from (f"user{n}@example.org" for n in range(1, number))


async def add_project(url: str, number: int) -> UUID:
    """A project of Ada's with so many hazards; its key."""
    log = HazardLog("benchmark", tuple(hazards(number)), ())
    file = LogFile("log.xlsx", sha256().hexdigest(), log, list(with_types(map(importing.new_hazard, log.hazards))))
    async with connected(url):
        ada = await accounts.by_email_address(ADA)
        assert ada is not None
        about = {"description": "", "standard": Standard.DCB0129, "visibility": Visibility.PRIVATE}
        key = await projects.create(Actor(ada.id), ada.id, name="Benchmark", **about)
        project = await projects.visible(key, ada.id)
        assert project is not None
        await importing.store(Actor(ada.id), project, file, OnProblem.REFUSE)
    return key


def with_types(found: Iterator[NewHazard]) -> Iterator[NewHazard]:
    """Two words each, of eight."""
    for hazard, one, other in zip(found, cycle(KINDS), cycle(KINDS[3:] + KINDS[:2]), strict=False):
        yield replace(hazard, types=tuple({one, other}))


def sign_in(url: str, address: str = ADA) -> str:
    """The cookie of a new session."""
    answer = httpx.post(f"{url}/auth/login/", json={"email_address": address, "password": PASSWORD})
    answer.raise_for_status()
    return answer.headers["set-cookie"].partition(";")[0]


async def add_sessions(url: str, *hashes: bytes, others: int = 10_000) -> None:
    """Sessions like the first one, under these hashes of tokens and as many more."""
    connection = await asyncpg.connect(url)
    await connection.execute(COPY, [*hashes, *(sha256(str(n).encode()).digest() for n in range(others))])
    await connection.execute("VACUUM ANALYZE")
    await connection.close()

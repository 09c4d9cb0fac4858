"""Importing a workbook of 5,000 hazards, database included, beside openpyxl's bare walk through its sheet."""

import asyncio
import io
import tempfile
import time
from pathlib import Path
from uuid import UUID

from benchmarks._report import Ratio
from benchmarks.hazard_log import HAZARDS, ROUNDS, hazards, seconds, walk
from migrations.run import upgrade
from models.audit.audit import COMMAND_LINE, Actor
from models.enumerations import Standard, Visibility
from models.projects import importing, projects
from models.projects.importing import OnProblem
from models.storage.database import database
from models.users import accounts
from tests.exchange.official_log import official_workbook_bytes, typed
from tests.postgresql import Server


def measure() -> list[Ratio]:
    """Processor time of this process: what the PostgreSQL server does beside it is not counted."""
    book = official_workbook_bytes(map(typed, hazards()))
    with tempfile.TemporaryDirectory() as folder:
        on_sqlite = asyncio.run(compared("SQLite", f"sqlite:///{Path(folder)}/benchmark.db", book))
    server = Server()
    try:
        server.start()
        on_postgresql = asyncio.run(compared("PostgreSQL", server.url("postgres"), book))
    finally:
        server.remove()
    return [on_sqlite, on_postgresql]


async def compared(name: str, url: str, book: bytes) -> Ratio:
    await upgrade(url)
    database.configure(url)
    await database.connect()
    try:
        user = await somebody()
        ours, bare = [], []
        for _ in range(ROUNDS):
            bare.append(seconds(lambda: walk(book)))
            ours.append(await import_seconds(user, book))
    finally:
        await database.disconnect()
    return Ratio(f"import {HAZARDS:,} hazards, {name}", "openpyxl walks through the sheet", ours, bare, "s", 3)


async def somebody() -> UUID:
    names = {"first_name": "Some", "last_name": "Body", "email_address": "somebody@example.org"}
    return await accounts.create(COMMAND_LINE, **names, password_hash="none", is_verified=True)  # noqa: S106 - no hash


async def import_seconds(user: UUID, book: bytes) -> float:
    """Into a project of its own: the same file is imported only once into one."""
    actor = Actor(user)
    about = {"description": "", "standard": Standard.DCB0129, "visibility": Visibility.PRIVATE}
    key = await projects.create(actor, user, name="Benchmark", **about)
    project = await projects.visible(key, user)
    assert project is not None
    start = time.process_time()
    file = importing.read(io.BytesIO(book), "log.xlsx", None)
    await importing.store(actor, project, file, OnProblem.REFUSE)
    spent = time.process_time() - start
    assert len(file.hazards) == HAZARDS
    return spent

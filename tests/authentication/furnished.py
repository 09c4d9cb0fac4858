"""A stage that is furnished once in a process, for hundreds of tests that each act on a copy of it.

A module that imports these fixtures starts from the copy in place of an empty database.
"""

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from fastapi import FastAPI

from config import Settings, load_settings
from main import create_app
from models.enumerations import Role
from tests.authentication.devices import ORIGIN
from tests.authentication.stage import Furnished, Kind, Stage, furnish, staged
from tests.clients import environment
from tests.databases import Databases

OWNER = Kind(role=Role.OWNER, administrator=True)
"""May do everything."""


@dataclass(frozen=True)
class Kept:
    """Where it is, and what stands on it."""

    url: str
    files: Path
    furnished: Furnished


Keeper = Callable[[Databases], Kept]


def settings_at(url: str, files: Path) -> Settings:
    return load_settings(environment(url, PUBLIC_URL=ORIGIN, EVIDENCE_STORE=str(files)))


async def made(settings: Settings) -> Furnished:
    app = create_app(settings)
    async with app.router.lifespan_context(app):
        return await furnish(app, OWNER)


@pytest.fixture(scope="session")
def keeper(tmp_path_factory: pytest.TempPathFactory) -> Keeper:
    """Furnishes a stage on each kind of database when the first test asks for it."""
    found: dict[Databases, Kept] = {}

    def keep(databases: Databases) -> Kept:
        if databases not in found:
            url, files = databases.create(), tmp_path_factory.mktemp("stage")
            found[databases] = Kept(url, files, asyncio.run(made(settings_at(url, files))))
        return found[databases]

    return keep


@pytest.fixture
def kept(keeper: Keeper, databases: Databases) -> Kept:
    return keeper(databases)


@pytest.fixture
def database_url(databases: Databases, kept: Kept) -> Iterator[str]:
    url = databases.create(like=kept.url)
    yield url
    databases.drop(url)


@pytest.fixture
def settings(database_url: str, kept: Kept, tmp_path: Path) -> Settings:
    return settings_at(database_url, shutil.copytree(kept.files, tmp_path / "evidence"))


@pytest.fixture
async def stage(app: FastAPI, kept: Kept) -> AsyncIterator[Stage]:
    async with staged(app, OWNER, kept.furnished) as opened:
        yield opened

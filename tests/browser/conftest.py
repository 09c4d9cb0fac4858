"""Chromium and a running site on each kind of database for all tests; every test has browsers of its own."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright, expect

from tests.browser.chromium import FLAGS, find_chromium
from tests.browser.site import Site, running
from tests.browser.visits import Visits
from tests.databases import Databases

# A machine that runs all tests at once is slow; waiting longer costs nothing where the page is right.
expect.set_options(timeout=20_000)


@pytest.fixture
def backend() -> str:
    """Pages do not know their database; the walk, which says so, goes over both."""
    return "sqlite"


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium() -> AsyncIterator[Browser]:
    path = find_chromium()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def sqlite_site(chromium: Browser, sqlite_databases: Databases) -> AsyncIterator[Site]:
    async with running(sqlite_databases) as site:
        yield site


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def postgresql_site(chromium: Browser, postgresql_databases: Databases) -> AsyncIterator[Site]:
    async with running(postgresql_databases) as site:
        yield site


@pytest.fixture
def site(backend: str, request: pytest.FixtureRequest) -> Site:
    found: Site = request.getfixturevalue(f"{backend}_site")
    return found


@pytest_asyncio.fixture(loop_scope="session")
async def visits(site: Site, chromium: Browser) -> AsyncIterator[Visits]:
    opened = Visits(site, chromium)
    yield opened
    await opened.close()

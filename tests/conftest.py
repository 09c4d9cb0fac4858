"""The databases of the tests: whoever asks for `database_url` runs on SQLite and again on PostgreSQL."""

from collections.abc import AsyncIterator, Iterator

import pytest

import tests.analysed  # noqa: F401 - takes effect by being imported
from models.storage.database import Database
from models.storage.database import database as global_database
from tests.authentication.factors import clock
from tests.called_endpoints import pytest_sessionfinish, pytest_terminal_summary, pytest_testnodedown
from tests.clients import administrator, app, client, hazard, owner, project, settings, sign_up, store, stranger
from tests.databases import Databases, PostgresqlDatabases, SqliteDatabases
from tests.long_first import pytest_collection_modifyitems
from tests.measured import pytest_runtest_call, pytest_runtest_protocol

__all__ = ["administrator", "app", "client", "clock", "hazard", "owner", "project", "settings", "sign_up", "store"]
__all__ += ["pytest_collection_modifyitems", "pytest_runtest_call", "pytest_runtest_protocol", "pytest_sessionfinish"]
__all__ += ["pytest_terminal_summary", "pytest_testnodedown", "stranger"]


@pytest.fixture(scope="session")
def sqlite_databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    databases = SqliteDatabases(tmp_path_factory.mktemp("sqlite"))
    yield databases
    databases.close()


@pytest.fixture(scope="session")
def postgresql_databases() -> Iterator[Databases]:
    databases = PostgresqlDatabases()
    yield databases
    databases.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def backend(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
def databases(backend: str, request: pytest.FixtureRequest) -> Databases:
    """Asked for by name, so that a run on SQLite alone starts no PostgreSQL."""
    found: Databases = request.getfixturevalue(f"{backend}_databases")
    return found


@pytest.fixture
def database_url(databases: Databases) -> Iterator[str]:
    """A fresh migrated database."""
    url = databases.create()
    yield url
    databases.drop(url)


@pytest.fixture
def empty_database_url(databases: Databases) -> Iterator[str]:
    """A fresh database without tables."""
    url = databases.create(empty=True)
    yield url
    databases.drop(url)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """The application's database, connected to a fresh one."""
    global_database.configure(database_url)
    await global_database.connect()
    yield global_database
    await global_database.disconnect()

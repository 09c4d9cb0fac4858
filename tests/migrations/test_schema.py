"""Installations that share one PostgreSQL database, each in its own namespace (DATABASE_SCHEMA)."""

from collections.abc import Iterator

import pytest
from alembic import command

from migrations.run import run, upgrade
from models import User
from models.storage.database import Database
from models.storage.database import database as global_database
from tests.databases import Databases
from tests.migrations.reflection import inspected
from tests.models.samples import make_user


@pytest.fixture
def url(postgresql_databases: Databases) -> Iterator[str]:
    url = postgresql_databases.create(empty=True)
    yield url
    postgresql_databases.drop(url)


async def test_each_schema_has_tables_and_history_of_its_own(url: str) -> None:
    await upgrade(url)
    public = await inspected(url)
    await upgrade(url, "turva_one")
    await run(command.check, url, "turva_one")
    assert set(await inspected(url, "turva_one")) == set(public)
    await run(lambda configuration: command.downgrade(configuration, "base"), url, "turva_one")
    assert set(await inspected(url, "turva_one")) == {"alembic_version"}
    assert await inspected(url) == public


async def test_what_one_installation_stores_the_other_does_not_see(url: str) -> None:
    await upgrade(url, "turva_one")
    await upgrade(url, "turva_two")
    assert await emails(url, "turva_one", add="one@example.org") == ["one@example.org"]
    assert await emails(url, "turva_two", add="two@example.org") == ["two@example.org"]
    assert await emails(url, "turva_one") == ["one@example.org"]


async def emails(url: str, schema: str, add: str | None = None) -> list[str]:
    global_database.configure(url, schema=schema)
    await global_database.connect()
    try:
        if add:
            await make_user(add)
        return [user.email_address for user in await User.objects.all()]
    finally:
        await global_database.disconnect()


@pytest.mark.parametrize("schema", ["Upper", "with-dash", "1st", "a" * 64, "pg_own", 'x"; --'])
async def test_a_name_that_needs_quoting_is_refused(schema: str) -> None:
    with pytest.raises(ValueError, match="schema"):
        Database().configure("postgresql://localhost/turva", schema=schema)
    with pytest.raises(ValueError, match="schema"):
        await upgrade("postgresql://localhost/turva", schema)


def test_sqlite_has_no_schemas() -> None:
    with pytest.raises(ValueError, match="needs PostgreSQL"):
        Database().configure("sqlite:///turva.db", schema="turva")

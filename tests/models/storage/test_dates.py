"""Both dates are right after every way of writing a record, Ormar's and SQLAlchemy Core's."""

import datetime as dt
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
import sqlalchemy as sa

from models import User
from models.storage.columns import new_id, utc_now
from models.storage.database import Database, metadata
from models.storage.dates import upsert
from tests.models.samples import make_user

USERS = User.ormar_config.table
LONG_AGO = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)


def fields(email_address: str) -> dict[str, Any]:
    return {"email_address": email_address, "first_name": "Ada", "last_name": "Example", "password_hash": ""}


async def execute(database: Database, statement: sa.Executable, rows: Any = None) -> None:
    async with database.connection() as connection:
        await connection.execute(statement, rows)


def rows_of(database: Database, *emails: str) -> sa.Executable:
    rows = [{"id": new_id(), **fields(email)} for email in emails]
    dialect = database.dialect.name
    return upsert(dialect, USERS, rows, key=["email_address"], change=["first_name"])


async def save(_: Database) -> None:
    await User(**fields("a@b")).save()


async def bulk_create(_: Database) -> None:
    await User.objects.bulk_create([User(**fields("a@b")), User(**fields("c@d"))])


async def update_or_create_new(_: Database) -> None:
    await User.objects.update_or_create(**fields("a@b"))


async def core_insert(database: Database) -> None:
    await execute(database, sa.insert(USERS).values(fields("a@b")))


async def core_insert_of_several(database: Database) -> None:
    await execute(database, sa.insert(USERS), [fields("a@b"), fields("c@d")])


async def core_insert_of_several_in_one_statement(database: Database) -> None:
    await execute(database, sa.insert(USERS).values([fields("a@b"), fields("c@d")]))


async def core_insert_from_select(database: Database) -> None:
    await make_user("source@example.org")
    given = [column.name for column in USERS.c if not column.name.endswith("_date")]
    values = [sa.literal(new_id(), sa.Uuid()) if name == "id" else USERS.c[name] for name in given]
    values[given.index("email_address")] = sa.literal("copy@example.org")
    await execute(database, sa.insert(USERS).from_select(given, sa.select(*values)))


async def core_upsert_of_new(database: Database) -> None:
    await execute(database, rows_of(database, "a@b", "c@d"))


Write = Callable[[Database], Awaitable[None]]

INSERTS: list[Write] = [
    save,
    bulk_create,
    update_or_create_new,
    core_insert,
    core_insert_of_several,
    core_insert_of_several_in_one_statement,
    core_insert_from_select,
    core_upsert_of_new,
]


@pytest.mark.parametrize("write", INSERTS)
async def test_a_new_record_has_both_dates_of_one_instant(database: Database, write: Write) -> None:
    before = utc_now()
    await write(database)
    users = await User.objects.all()
    assert users
    for user in users:
        assert before <= user.created_date <= utc_now()
        assert user.updated_date == user.created_date


async def ormar_update(_: Database) -> None:
    await (await User.objects.get()).update(first_name="Eve")


async def ormar_update_of_one_column(_: Database) -> None:
    await (await User.objects.get()).update(_columns=["first_name"], first_name="Eve")


async def ormar_upsert(_: Database) -> None:
    await (await User.objects.get()).upsert(first_name="Eve")


async def query_set_update(_: Database) -> None:
    await User.objects.filter(email_address="a@b").update(first_name="Eve")


async def update_or_create(_: Database) -> None:
    await User.objects.update_or_create(id=(await User.objects.get()).id, first_name="Eve")


async def core_update(database: Database) -> None:
    await execute(database, sa.update(USERS).values(first_name="Eve"))


async def core_update_of_several(database: Database) -> None:
    statement = sa.update(USERS).where(USERS.c.email_address == sa.bindparam("whose"))
    await execute(database, statement.values(first_name="Eve"), [{"whose": "a@b"}, {"whose": "c@d"}])


async def core_upsert(database: Database) -> None:
    row = {**fields("a@b"), "id": new_id(), "first_name": "Eve"}
    statement = upsert(database.dialect.name, USERS, [row], key=["email_address"], change=["first_name"])
    await execute(database, statement)


UPDATES: list[Write] = [
    ormar_update,
    ormar_update_of_one_column,
    ormar_upsert,
    query_set_update,
    update_or_create,
    core_update,
    core_update_of_several,
    core_upsert,
]


@pytest.mark.parametrize("write", UPDATES)
async def test_a_change_moves_the_second_date_only(database: Database, write: Write) -> None:
    await User.objects.create(**fields("a@b"), created_date=LONG_AGO)
    before = utc_now()
    await write(database)
    user = await User.objects.get()
    assert user.first_name == "Eve"
    assert user.created_date == LONG_AGO
    assert before <= user.updated_date <= utc_now()


async def test_a_date_that_is_given_wins(database: Database) -> None:
    user = await User.objects.create(**fields("a@b"), created_date=LONG_AGO)
    assert (await User.objects.get(id=user.id)).updated_date == LONG_AGO
    later = LONG_AGO + dt.timedelta(days=1)
    await execute(database, sa.update(USERS).values(updated_date=later))
    assert (await User.objects.get(id=user.id)).updated_date == later


async def test_reading_invents_no_date(database: Database) -> None:
    await User.objects.create(**fields("a@b"), created_date=LONG_AGO)
    assert (await User.objects.exclude_fields(["created_date"]).get()).created_date is None
    assert (await User.objects.get()).created_date == LONG_AGO


async def test_the_method_that_goes_around_the_column_types_is_refused(database: Database) -> None:
    user = await make_user()
    with pytest.raises(NotImplementedError, match="Core"):
        await User.objects.bulk_update([user])


def test_every_table_carries_the_dates_or_says_why_not() -> None:
    without = {table.name for table in metadata.tables.values() if "updated_date" not in table.c}
    assert without == {"audit_entries", "audit_heads", "hazard_search", "session_activity"}

"""Holds every column type to the same behaviour on both databases."""

import datetime as dt
import uuid
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from models import AuditEntry, Hazard, Import, Project, Session, User
from models.enumerations import Condition, HazardStatus, SessionKind, Visibility
from models.storage.columns import UTCDateTimeType, new_id, utc_now
from models.storage.database import Database
from tests.models.samples import make_hazard, make_project, make_user, record

FIVE_EAST = dt.timezone(dt.timedelta(hours=5))


async def scalar(database: Database, statement: str) -> Any:
    async with database.connection() as connection:
        return (await connection.execute(sa.text(statement))).scalar()


def test_a_new_id_is_a_version_7_uuid_of_this_moment() -> None:
    before = utc_now()
    made = new_id()
    assert (made.version, made.variant) == (7, uuid.RFC_4122)
    moment = dt.datetime.fromtimestamp((made.int >> 80) / 1000, dt.UTC)
    assert before - dt.timedelta(milliseconds=1) <= moment <= utc_now()


def test_new_ids_differ_and_sort_by_the_millisecond() -> None:
    made = [new_id() for _ in range(5000)]
    assert len(set(made)) == len(made)
    moments = [value.int >> 80 for value in made]
    assert moments == sorted(moments)


@given(st.datetimes(timezones=st.timezones() | st.just(dt.UTC)))
def test_a_time_comes_back_as_the_same_instant_in_utc(moment: dt.datetime) -> None:
    column_type = UTCDateTimeType()
    try:
        instant = moment.astimezone(dt.UTC)
    except OverflowError:  # within a day of year 1 or 9999
        return
    for name in ("sqlite", "postgresql"):
        dialect = sa.make_url(f"{name}://").get_dialect()()
        stored = column_type.process_bind_param(moment, dialect)
        assert column_type.process_result_value(stored, dialect) == instant


@pytest.mark.parametrize("zone", [dt.UTC, FIVE_EAST])
async def test_times_are_aware_and_utc(database: Database, zone: dt.tzinfo) -> None:
    user = await make_user()
    noon = dt.datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=zone)
    session = await Session.objects.create(
        token_hash=bytes(32), user=user, auth_epoch=0, kind=SessionKind.BROWSER, absolute_expiry=noon
    )
    found = await Session.objects.get(id=session.id)
    assert found.absolute_expiry == noon
    assert found.absolute_expiry.tzinfo is dt.UTC
    assert found.revoked_at is None
    assert await Session.objects.filter(absolute_expiry__lte=noon).exists()
    assert not await Session.objects.filter(absolute_expiry__lt=noon).exists()


async def test_a_time_without_its_zone_is_refused(database: Database) -> None:
    table = User.ormar_config.table
    naive = utc_now().replace(tzinfo=None)
    async with database.connection() as connection:
        with pytest.raises(sa.exc.StatementError, match="without its zone"):
            await connection.execute(sa.select(table).where(table.c.created_date < naive))


async def test_uuids_are_native_where_there_are_such(database: Database) -> None:
    user = await make_user()
    if database.is_postgresql:
        assert await scalar(database, "SELECT pg_typeof(id)::text FROM users") == "uuid"
    else:
        assert await scalar(database, "SELECT id FROM users") == user.id.hex
    assert await User.objects.get(id=user.id) == user


@pytest.mark.parametrize("value", [{"rows": [1, {"ä": None}]}, {}, {"text": '" \\ \n'}])
async def test_json_comes_back_as_it_was(database: Database, value: dict[str, Any]) -> None:
    await record("hazard:edit", after=value)
    entry = await AuditEntry.objects.get(action="hazard:edit")
    assert entry.after == value
    assert await scalar(database, "SELECT count(*) FROM audit_entries WHERE before IS NULL") == 1


async def test_json_can_be_searched_by_path(database: Database) -> None:
    project = await make_project()
    table = Import.ormar_config.table
    for layout, count in (("official", 3), ("csv", 4)):
        await Import.objects.create(
            project=project,
            file_name="log.xlsx",
            sha256="0" * 64,
            layout=layout,
            imported=count,
            report={"disagreements": {"count": count}},
            created_by=project.created_by,
        )
    more_than_three = table.c.report["disagreements"]["count"].as_integer() > 3
    async with database.connection() as connection:
        assert (await connection.execute(sa.select(table.c.layout).where(more_than_three))).scalars().all() == ["csv"]


async def test_an_enumeration_is_stored_by_value_and_read_as_member(database: Database) -> None:
    hazard = await make_hazard()
    assert await scalar(database, "SELECT status FROM hazards") == "open"
    assert (await Hazard.objects.get(id=hazard.id)).status is HazardStatus.OPEN
    table = Hazard.ormar_config.table
    async with database.connection() as connection:
        await connection.execute(sa.update(table).values(condition=Condition.FAULT))
        row = (await connection.execute(sa.select(table.c.status, table.c.condition))).one()
    assert row.condition is Condition.FAULT
    assert row.status is HazardStatus.OPEN
    assert await Hazard.objects.filter(status=HazardStatus.OPEN).count() == 1


@pytest.mark.parametrize(
    "column", [column for column in Project.ormar_config.table.c if isinstance(column.type, sa.Enum)]
)
async def test_a_value_off_the_list_is_refused_by_the_database_itself(
    database: Database, column: sa.Column[Any]
) -> None:
    await make_project()
    with pytest.raises(sa.exc.IntegrityError, match=f"ck_projects_{column.name}"):
        await scalar(database, f"UPDATE projects SET {column.name} = 'other' RETURNING 1")  # noqa: S608 - a known name


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_a_value_off_the_list_is_refused_by_the_model(database: Database) -> None:
    project = await make_project()
    with pytest.raises(ValueError, match="visibility"):
        await project.update(_columns=["visibility"], visibility="secret")
    await project.update(_columns=["visibility"], visibility="public")
    assert (await Project.objects.get()).visibility is Visibility.PUBLIC


async def test_counted_keys_rise(database: Database) -> None:
    for action in "abc":
        await record(action)
    entries = await AuditEntry.objects.order_by("id").all()
    assert [entry.action for entry in entries] == ["a", "b", "c"]


async def test_bytes_come_back_as_bytes_of_the_fixed_length(database: Database) -> None:
    user, token_hash = await make_user(), bytes(range(32))
    await Session.objects.create(
        token_hash=token_hash, user=user, auth_epoch=0, kind=SessionKind.TOKEN, absolute_expiry=utc_now()
    )
    assert (await Session.objects.get(token_hash=token_hash)).token_hash == token_hash
    with pytest.raises(sa.exc.IntegrityError, match="ck_sessions_token_hash_length"):
        await scalar(database, "UPDATE sessions SET token_hash = NULLIF(token_hash, NULL) || token_hash RETURNING 1")


async def test_secrets_stay_out_of_words_about_records(database: Database) -> None:
    user = await make_user()
    assert f"{user!r} {user}" == f"User({user.id}) User({user.id})"
    session = Session(token_hash=b"secret", user=user, auth_epoch=0, kind=SessionKind.TOKEN, absolute_expiry=utc_now())
    assert f"{session!r} {session}" == f"Session({session.id}) Session({session.id})"
    with pytest.raises(sa.exc.IntegrityError) as caught:
        await make_user()
    assert "not a hash" not in str(caught.value)

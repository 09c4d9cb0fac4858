"""History: appended in the transaction that makes the change, in full, and never touched again."""

import asyncio
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from errors import NotSignedIn
from models.audit import audit
from models.audit.audit import COMMAND_LINE, ENTRIES, Actor, Change
from models.enumerations import Severity
from models.storage.columns import new_id, utc_now
from models.storage.database import Database
from models.users import accounts
from models.users.users import User
from tests.authentication import stored

CHANGE = Change("hazard:edit", "hazard")


async def refuse(name: str) -> None:
    raise ValueError(name)


async def test_an_entry_tells_everything(database: Database) -> None:
    entity, project, user = new_id(), new_id(), new_id()
    before: Mapping[str, Any] = {"name": "Old", "at": datetime(2026, 1, 2, 3, 4, tzinfo=UTC)}
    after: Mapping[str, Any] = {"name": "N\u00e9w", "id": entity, "severity": Severity.MAJOR, "causes": ["a", "b"]}
    earliest = utc_now()
    async with database.transaction():
        change = Change("hazard:edit", "hazard", entity, project, 7, before, after, "Typing mistake")
        await audit.append(Actor(user, None, "r1"), change)
    (entry,) = await stored.history()
    assert earliest <= entry.pop("at") <= utc_now()
    assert entry.pop("id") > 0
    assert (entry.pop("stream"), entry.pop("seq"), len(entry.pop("hash"))) == (project, 1, 32)
    assert json.loads(entry.pop("payload"))["reason"] == "Typing mistake"
    assert entry == {
        "user_id": user,
        "session_id": None,
        "request_id": "r1",
        "project_id": project,
        "action": "hazard:edit",
        "entity": "hazard",
        "entity_id": entity,
        "entity_version": 7,
        "before": {"name": "Old", "at": "2026-01-02T03:04:00Z"},
        "after": {"name": "N\u00e9w", "id": str(entity), "severity": "major", "causes": ["a", "b"]},
        "reason": "Typing mistake",
    }


async def test_what_is_not_known_is_null(database: Database) -> None:
    async with database.transaction():
        await audit.append(COMMAND_LINE, CHANGE)
    (entry,) = await stored.history()
    empty = {"user_id", "session_id", "project_id", "entity_id", "entity_version", "before", "after", "reason"}
    assert {name for name, value in entry.items() if value is None} == empty
    assert entry["request_id"] == "command line"


async def test_several_changes_keep_their_order(database: Database) -> None:
    async with database.transaction():
        await audit.append(
            COMMAND_LINE, *(Change("hazard:import", "hazard", version=number) for number in range(1, 1201))
        )
    assert [entry["entity_version"] for entry in await stored.history()] == list(range(1, 1201))


async def test_refused_outside_a_transaction(database: Database) -> None:
    with pytest.raises(RuntimeError, match="inside the transaction"):
        await audit.append(COMMAND_LINE, CHANGE)
    assert await stored.history() == []


async def test_a_task_does_not_borrow_the_transaction_of_another(database: Database) -> None:
    async with database.transaction():
        with pytest.raises(RuntimeError, match="inside the transaction"):
            await asyncio.create_task(audit.append(COMMAND_LINE, CHANGE))


async def test_it_goes_with_the_change_it_tells_of(database: Database) -> None:
    with pytest.raises(ValueError, match="late"):
        async with database.transaction():
            await audit.append(COMMAND_LINE, CHANGE)
            await refuse("late")
    assert await stored.history() == []


async def test_a_session_that_is_not_there_may_not_write(database: Database) -> None:
    with pytest.raises(NotSignedIn):
        async with database.transaction():
            await audit.append(Actor(new_id(), new_id()), CHANGE)
    assert await stored.history() == []


# What no change may do to an entry, the database itself refuses: tests/migrations/test_append_only.py has every way.
@pytest.mark.parametrize("statement", [sa.update(ENTRIES).values(action="other"), sa.delete(ENTRIES)])
async def test_nobody_changes_an_entry(database: Database, statement: sa.Update | sa.Delete) -> None:
    async with database.transaction():
        await audit.append(COMMAND_LINE, CHANGE)
    with pytest.raises(sa.exc.IntegrityError, match="append-only"):
        await stored.change(statement)
    assert [entry["action"] for entry in await stored.history()] == ["hazard:edit"]


async def test_entries_are_timed_by_the_server_in_utc(database: Database) -> None:
    async with database.transaction():
        await audit.append(COMMAND_LINE, CHANGE)
    (entry,) = await stored.history()
    assert entry["at"].utcoffset() == timedelta(0)


async def test_making_an_account_is_recorded_without_its_hash(database: Database) -> None:
    key = await accounts.create(
        COMMAND_LINE, email_address=" Ada@Example.org ", password_hash="$hash$", first_name="Ada", last_name="L"
    )
    (entry,) = await stored.history()
    assert (entry["action"], entry["entity_id"]) == ("user:create", key)
    assert entry["after"] == {"email_address": "ada@example.org", "first_name": "Ada", "last_name": "L"}
    assert await User.objects.count() == 1
    assert isinstance(key, UUID)

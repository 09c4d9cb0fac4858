"""Profiles: what differs is stored and recorded, a username is of one person, a CSO keeps the registration."""

import asyncio
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from errors import Invalid, NotFound
from models.audit.audit import Actor
from models.storage.columns import new_id
from models.storage.database import Database
from models.users import profiles
from tests.authentication import stored
from tests.models.projects.test_projects import a_person

REGISTERED = {"registration_body": "General Medical Council", "registration_number": "1234567"}


async def change(user_id: UUID, **fields: Any) -> None:
    await profiles.change(Actor(user_id), "user:profile", user_id, fields)


async def test_what_differs_is_stored_and_recorded(database: Database) -> None:
    ada = await a_person("ada")
    await change(ada, profession="Pharmacist", training="", registration_valid_until=date(2027, 3, 31), **REGISTERED)
    entry = (await stored.history("user:profile"))[-1]
    assert entry["before"] == {
        "profession": "",
        "registration_body": "",
        "registration_number": "",
        "registration_valid_until": None,
    }
    assert entry["after"] == {"profession": "Pharmacist", "registration_valid_until": "2027-03-31", **REGISTERED}
    assert (await profiles.find(ada))["registration_valid_until"] == date(2027, 3, 31)


async def test_nothing_new_is_no_change(database: Database) -> None:
    ada = await a_person("ada")
    before = len(await stored.history())
    await change(ada, profession="", username=None)
    assert len(await stored.history()) == before


async def test_nobody_has_no_profile(database: Database) -> None:
    with pytest.raises(NotFound):
        await profiles.find(new_id())
    with pytest.raises(NotFound):
        await change(new_id(), profession="Nurse")


async def test_a_username_is_of_one_person_also_when_two_want_it_at_once(database: Database) -> None:
    people = [await a_person(name) for name in ("ada", "grace", "joan")]
    done = await asyncio.gather(*(change(one, username="doctor") for one in people), return_exceptions=True)
    refused = [error for error in done if error]
    assert len(refused) == 2
    assert all(isinstance(error, Invalid) and error.problems[0].field == "username" for error in refused)
    assert len(await stored.history("user:profile")) == 1


@pytest.mark.parametrize("emptied", ["registration_body", "registration_number"])
async def test_a_cso_keeps_the_registration(database: Database, emptied: str) -> None:
    ada = await a_person("ada")
    await change(ada, **REGISTERED)
    await stored.set_user(ada, is_cso=True)
    with pytest.raises(Invalid) as refused:
        await change(ada, **{emptied: ""})
    assert refused.value.problems[0].field == emptied
    await change(ada, registration_number="7654321")
    await stored.set_user(ada, is_cso=False)
    await change(ada, **{emptied: ""})


async def test_a_cso_whose_registration_is_elsewhere_may_still_change_the_rest(database: Database) -> None:
    ada = await a_person("ada")
    await stored.set_user(ada, is_cso=True)
    await change(ada, profession="Nurse", registration_body="Other")
    await change(ada, registration_body="")


@pytest.mark.parametrize(
    ("fields", "current"),
    [
        ({}, False),
        ({"registration_body": "General Medical Council"}, False),
        ({"registration_number": "1234567"}, False),
        (REGISTERED, True),
        ({**REGISTERED, "registration_valid_until": date(2027, 3, 31)}, True),
        ({**REGISTERED, "registration_valid_until": date(2027, 3, 30)}, False),
    ],
)
def test_a_current_registration(fields: dict[str, Any], current: bool) -> None:
    blank = {"registration_body": "", "registration_number": "", "registration_valid_until": None}
    assert profiles.is_current({**blank, **fields}, date(2027, 3, 31)) is current

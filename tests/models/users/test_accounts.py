"""Accounts: one to an address, however it is written."""

import asyncio
from typing import Any

import pytest

from errors import Conflict, Invalid
from models.audit.audit import COMMAND_LINE
from models.storage.database import Database
from models.users import accounts
from models.users.users import User
from tests.authentication import stored

NAMES = {"first_name": "Ada", "last_name": "Lovelace", "password_hash": "x"}

ADDRESSES = [
    "ada@example.org",
    "a@b",
    "ada.lovelace+turva@safety.nhs.uk",
    "o'brien@example.org",
    "a_b-c%d@x-1.example.org",
    "1@2.example",
    f"{'a' * 64}@example.org",
]
NO_ADDRESSES = [
    "",
    "ada",
    "@example.org",
    "ada@",
    "ada@@example.org",
    "ada@example..org",
    "ada@.org",
    "ada@-example.org",
    "ada@example-.org",
    "ada lovelace@example.org",
    "ada@example.org, bob@example.org",
    "Ada <ada@example.org>",
    "ada@example.org\nbcc: all@example.org",
    "ada\0@example.org",
    "\N{LATIN SMALL LETTER A WITH DIAERESIS}@example.org",
    "ada@\N{CYRILLIC SMALL LETTER ES}om.org",
    "ada@example.org\u200b",
    "\ud800@example.org",
    f"{'a' * 65}@example.org",
    f"ada@{'a' * 64}.org",
    f"ada@{'.'.join(['a' * 50] * 6)}",
]


async def create(address: str, **fields: Any) -> object:
    return await accounts.create(COMMAND_LINE, email_address=address, **{**NAMES, **fields})


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address(address: str) -> None:
    assert accounts.is_address(address)


@pytest.mark.parametrize("address", NO_ADDRESSES)
def test_no_address(address: str) -> None:
    assert not accounts.is_address(address)


@pytest.mark.parametrize("written", ["ada@example.org", "ADA@EXAMPLE.ORG", "  Ada@example.org\t"])
async def test_an_account_is_found_however_its_address_is_written(database: Database, written: str) -> None:
    key = await create("Ada@Example.org")
    found = await accounts.by_email_address(written)
    assert found is not None
    assert (found.id, found.email_address) == (key, "ada@example.org")


async def test_nobody_is_found_by_what_is_no_address(database: Database) -> None:
    await create("ada@example.org")
    for address in (*NO_ADDRESSES, "ad_@example.org", "%@example.org", "bob@example.org"):
        assert await accounts.by_email_address(address) is None


@pytest.mark.parametrize("address", ["", "ada", "ada@example.org\nx"])
async def test_no_account_without_an_address(database: Database, address: str) -> None:
    with pytest.raises(Invalid) as refused:
        await create(address)
    assert [problem.field for problem in refused.value.problems] == ["email_address"]
    assert await User.objects.count() == 0


async def test_a_new_account_has_no_rights_that_were_not_given(database: Database) -> None:
    await create("ada@example.org")
    user = await User.objects.get(email_address="ada@example.org")
    rights = (user.is_verified, user.is_administrator, user.is_cso, user.is_active, user.auth_epoch)
    assert rights == (False, False, False, True, 0)


@pytest.mark.parametrize("again", ["ada@example.org", "ADA@example.org "])
async def test_an_address_is_taken_once(database: Database, again: str) -> None:
    await create("ada@example.org")
    with pytest.raises(Conflict, match="There is an account with this email address already"):
        await create(again, first_name="Other")
    assert [user.first_name for user in await User.objects.all()] == ["Ada"]
    assert len(await stored.history()) == 1


async def test_an_address_is_taken_once_by_several_at_once(database: Database) -> None:
    made = await asyncio.gather(*(create("ada@example.org") for _ in range(8)), return_exceptions=True)
    assert sorted(type(one).__name__ for one in made) == ["Conflict"] * 7 + ["UUID"]
    assert await User.objects.count() == len(await stored.history()) == 1

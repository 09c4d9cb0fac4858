"""A secret of a link works once, for its time, its purpose and its person as they were."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from fastapi import FastAPI

from authentication import revocation
from authentication.single_use import TOKENS, attempt, issue, look, spend
from authentication.tokens import Tokens
from models.audit.audit import COMMAND_LINE
from models.enumerations import Purpose
from models.storage.columns import new_id, utc_now
from models.storage.database import database
from tests.authentication import stored
from tests.clients import Person

RESET, VERIFY, INVITATION = Purpose.RESET_PASSWORD, Purpose.VERIFY_EMAIL, Purpose.INVITATION
HOUR = timedelta(hours=1)
KEY, OTHER_KEY = "a-key-of-single-use-0123456789-abcd", "another-key-of-single-use-0123456789"
TOKENS_NOW = Tokens([KEY])


async def issued(person: Person | None = None, purpose: Purpose = RESET, **bound: Any) -> str:
    return await issue(TOKENS_NOW, purpose, HOUR, user_id=person.id if person else None, **bound)


async def works(text: str, purpose: Purpose = RESET, tokens: Tokens = TOKENS_NOW) -> bool:
    """By every way to use it, the one that uses it up last."""
    ways = [await look(tokens, text, purpose), await attempt(tokens, text, purpose, 1000)]
    ways.append(await spend(tokens, text, purpose))
    assert len({found is None for found in ways}) == 1
    return ways[-1] is not None


async def test_what_it_was_issued_for(owner: Person) -> None:
    text = await issued(owner, email_address="new@example.org", data={"next": "/projects/"})
    found = await look(TOKENS_NOW, text, RESET)
    assert found is not None
    assert (found.user_id, found.email_address, found.data) == (owner.id, "new@example.org", {"next": "/projects/"})
    assert (found.auth_epoch, found.attempts) == (0, 0)


async def test_it_works_once(owner: Person) -> None:
    text, other = await issued(owner), await issued(owner)
    assert await works(text)
    assert not await works(text)
    assert await works(other), "another is another"


async def test_of_many_who_spend_it_at_once_one_has_it(owner: Person) -> None:
    for _ in range(10):
        text = await issued(owner)
        won = await asyncio.gather(*(spend(TOKENS_NOW, text, RESET) for _ in range(8)))
        assert [found is None for found in won].count(False) == 1


async def test_a_transaction_that_fails_gives_it_back(owner: Person) -> None:
    text = await issued(owner)
    with pytest.raises(ZeroDivisionError):
        async with database.transaction():
            assert await spend(TOKENS_NOW, text, RESET)
            raise ZeroDivisionError
    assert await works(text)


@pytest.mark.parametrize(("shift", "works_still"), [(HOUR, True), (timedelta(), False)])
async def test_its_time(owner: Person, shift: timedelta, works_still: bool) -> None:
    text = await issued(owner)
    await stored.change(sa.update(TOKENS).values(expires_at=utc_now() + shift))
    assert await works(text) is works_still


async def test_its_purpose(owner: Person) -> None:
    text = await issued(owner, RESET)
    for purpose in Purpose:
        assert await look(TOKENS_NOW, text, purpose) is None or purpose is RESET
    assert not await works(text, VERIFY)
    assert await works(text)


async def test_its_key(owner: Person) -> None:
    text = await issued(owner)
    assert not await works(text, tokens=Tokens([OTHER_KEY]))
    assert await works(text, tokens=Tokens([OTHER_KEY, KEY])), "while the old key is accepted"


@pytest.mark.parametrize("text", ["", "x", "half \ud800", "x" * 100_000, "ABC.DEF", "\0"])
async def test_garbage(owner: Person, text: str) -> None:
    assert not await works(text)
    assert await works(await issued(owner))


async def test_a_signed_text_that_was_never_issued(owner: Person) -> None:
    await issued(owner)
    assert not await works(TOKENS_NOW.cookie(TOKENS_NOW.new()))


async def test_a_session_is_none_and_none_is_a_session(app: FastAPI, owner: Person) -> None:
    tokens: Tokens = app.state.sessions.tokens
    assert not await works(owner.client.cookies["turva_session"], tokens=tokens)
    text = await issue(tokens, RESET, HOUR, user_id=owner.id)
    for headers in ({"Cookie": f"turva_session={text}"}, {"Authorization": f"Bearer turva_{text}"}):
        owner.client.cookies.clear()
        assert (await owner.client.get("/account/", headers=headers)).status_code == 401


async def test_a_raised_epoch_voids_it(owner: Person, stranger: Person) -> None:
    mine, theirs, nobodys = await issued(owner), await issued(stranger), await issued(purpose=INVITATION)
    await revocation.end_all(COMMAND_LINE, owner.id, "password changed")
    assert [await works(mine), await works(theirs), await works(nobodys, INVITATION)] == [False, True, True]
    assert await works(await issued(owner)), "issued after it"


async def test_spending_races_with_a_raised_epoch(owner: Person) -> None:
    """Two links to a new password, used at once: each of them ends the other."""

    async def used(text: str) -> bool:
        async with database.transaction():
            if await spend(TOKENS_NOW, text, RESET) is None:
                return False
            await revocation.end_all(COMMAND_LINE, owner.id, "password reset")
            return True

    for _ in range(10):
        texts = [await issued(owner), await issued(owner)]
        assert any(await asyncio.gather(*(used(text) for text in texts)))
        assert not any([await works(text) for text in texts])


async def test_an_account_that_is_switched_off_has_none(owner: Person) -> None:
    text = await issued(owner)
    await stored.set_user(owner.id, is_active=False)
    assert not await works(text)


async def test_only_so_many_tries_also_at_once(owner: Person) -> None:
    text, most = await issued(owner), 5
    tries = await asyncio.gather(*(attempt(TOKENS_NOW, text, RESET, most) for _ in range(12)))
    assert sorted(found.attempts for found in tries if found) == [1, 2, 3, 4, 5]


async def test_the_database_holds_no_secret(owner: Person) -> None:
    text = await issued(owner)
    secret = TOKENS_NOW.read(text)
    assert secret is not None
    (row,) = await stored.rows(sa.select(TOKENS))
    assert secret not in row.values()
    for forged in (secret, b"\0" * 32):
        await stored.change(sa.insert(TOKENS).values(**{**row, "id": new_id(), "token_hash": forged}))
    assert await works(text)
    assert not await works(text)
    assert isinstance(row["id"], UUID)

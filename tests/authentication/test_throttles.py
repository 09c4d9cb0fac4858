"""Guessing gets slower and slower, on every node, and keeps no owner out for good."""

import asyncio
import json
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from hypothesis import given
from hypothesis import strategies as st

from authentication.passwords import Passwords
from authentication.throttles import (
    MILD,
    PACES,
    STRICT,
    THROTTLES,
    By,
    Guess,
    Guesser,
    State,
    counted,
    in_words,
    network_of,
)
from authentication.tokens import Tokens
from config import Settings, load_settings
from errors import InvalidCredentials, TooMany, Unavailable
from main import create_app
from models.audit import Actor
from models.columns import utc_now
from models.database import Database, database
from tests.authentication.stored import change, history, rows
from tests.clients import BASE_URL, PAGE, PASSWORD, Person, SignUp, environment

ELSEWHERE = "203.0.113.9"
WRONG = "wrong"


@pytest.fixture
def settings(database_url: str) -> Settings:
    return load_settings(environment(database_url, RATE_LIMIT_ENABLED="true"))


@pytest.fixture
async def ada(sign_up: SignUp) -> Person:
    return await sign_up("ada")


class Watched:
    """Counts the passwords that are really compared."""

    def __init__(self, passwords: Passwords) -> None:
        self.compared = 0
        self._verify = passwords.verify
        passwords.verify = self.verify  # type: ignore[method-assign]

    async def verify(self, stored: str | None, password: str) -> bool:
        self.compared += 1
        return await self._verify(stored, password)


@pytest.fixture
def watched(app: FastAPI) -> Watched:
    return Watched(app.state.passwords)


def at(app: FastAPI, address: str = "127.0.0.1") -> httpx.AsyncClient:
    """A client at some address."""
    return httpx.AsyncClient(transport=httpx.ASGITransport(app, client=(address, 1)), base_url=BASE_URL)


async def sign_in(client: httpx.AsyncClient, name: str, password: str = WRONG) -> httpx.Response:
    body = json.dumps({"email_address": name, "password": password})
    return await client.post("/auth/login/", content=body, headers={"Content-Type": "application/json"})


async def pass_by(time: timedelta) -> None:
    """As if so much time had gone by."""
    for row in await rows(sa.select(THROTTLES)):
        until = row["blocked_until"]
        moved = {"last_failure": row["last_failure"] - time, "blocked_until": until - time if until else None}
        await change(sa.update(THROTTLES).where(THROTTLES.c.subject == row["subject"]).values(moved))


async def set_failures(by: By, failures: int, blocked_for: timedelta) -> None:
    now = utc_now()
    values = {"failures": failures, "last_failure": now, "blocked_until": now + blocked_for}
    await change(sa.update(THROTTLES).where(THROTTLES.c.subject.like(f"sign_in:{by}:%")).values(values))


@pytest.mark.parametrize("name", ["ada@example.org", "nobody@example.org", "not an address", "half \ud800"])
async def test_waits_grow_alike_for_every_name(app: FastAPI, ada: Person, watched: Watched, name: str) -> None:
    """ASVS 6.3.8: whether there is an account is not told by when it is throttled either."""
    assert ada.email_address == "ada@example.org"
    waits = []
    async with at(app, ELSEWHERE) as client:
        assert [(await sign_in(client, name)).status_code for _ in range(STRICT.free)] == [401] * STRICT.free
        for _ in range(4):
            assert (await sign_in(client, name)).status_code == 401
            compared = watched.compared
            refused = await sign_in(client, name, PASSWORD)
            assert (refused.status_code, refused.json()["code"]) == (429, "TOO_MANY_REQUESTS")
            assert watched.compared == compared, "no Argon2 while they must wait"
            waits.append(int(refused.headers["retry-after"]))
            await pass_by(timedelta(seconds=waits[-1]))
    assert waits == [2, 4, 8, 16]


@given(failures=st.integers(0, 10**6))
def test_a_wait_has_a_bound(failures: int) -> None:
    for pace in (pace for paces in PACES.values() for pace in paces.values()):
        assert timedelta() <= pace.wait(failures) <= pace.longest <= timedelta(minutes=15)
        assert pace.wait(failures) <= pace.wait(failures + 1)
        assert bool(pace.wait(failures)) == (failures > pace.free)


def test_time_forgets() -> None:
    now = utc_now()
    state = State(STRICT.free + 3, now, None)
    assert counted(STRICT, state, now).failures == STRICT.free + 4
    assert counted(STRICT, state, now + STRICT.forgotten * 2).failures == STRICT.free + 2
    assert counted(STRICT, state, now + STRICT.forgotten * 100).failures == 1
    assert counted(STRICT, state, now - timedelta(days=1)).failures == STRICT.free + 4, (
        "a clock set back forgets nothing"
    )


async def test_the_right_password_after_the_wait_begins_anew(app: FastAPI, ada: Person) -> None:
    async with at(app, ELSEWHERE) as client:
        for _ in range(STRICT.free + 1):
            await sign_in(client, ada.email_address)
        refused = await sign_in(client, ada.email_address, PASSWORD)
        assert refused.status_code == 429
        await pass_by(timedelta(seconds=int(refused.headers["retry-after"])))
        assert (await sign_in(client, ada.email_address, PASSWORD)).status_code == 200
        assert [(await sign_in(client, ada.email_address)).status_code for _ in range(STRICT.free)] == [401] * 5
    counts = {row["subject"].split(":")[1]: row["failures"] for row in await rows(sa.select(THROTTLES))}
    assert counts[By.ACCOUNT] == STRICT.free * 2 + 1, "the account as a whole remembers what was wrong"


@pytest.mark.parametrize("name", ["ADA@Example.org", " ada@example.org "])
async def test_a_name_is_one_name_however_it_is_written(app: FastAPI, ada: Person, name: str) -> None:
    async with at(app, ELSEWHERE) as client:
        for _ in range(STRICT.free + 1):
            await sign_in(client, ada.email_address)
        assert (await sign_in(client, name)).status_code == 429


async def test_guessing_elsewhere_does_not_keep_the_owner_out(app: FastAPI, ada: Person) -> None:
    """They have signed in from their address before; who has not waits a minute at most."""
    async with at(app, ELSEWHERE) as thief, at(app) as known, at(app, "198.51.100.1") as unknown:
        await sign_in(thief, ada.email_address)
        await set_failures(By.ACCOUNT, 10_000, MILD.longest)
        assert (await sign_in(thief, ada.email_address)).status_code == 429
        refused = await sign_in(unknown, ada.email_address, PASSWORD)
        assert (refused.status_code, int(refused.headers["retry-after"]) <= 60) == (429, True)
        assert (await ada.client.get("/account/")).status_code == 200, "a live session is not concerned"
        assert (await sign_in(known, ada.email_address, PASSWORD)).status_code == 200
        await pass_by(MILD.longest)
        assert (await sign_in(unknown, ada.email_address, PASSWORD)).status_code == 200


async def test_an_address_that_tries_many_names_is_slowed_down(app: FastAPI, ada: Person) -> None:
    """Password spraying; those who have signed in from there, as behind the one address of a hospital, go on."""
    async with at(app) as here:
        assert (await sign_in(here, "x@example.org")).status_code == 401
        await set_failures(By.ADDRESS, 101, timedelta(minutes=1))
        assert (await sign_in(here, "y@example.org")).status_code == 429
        assert (await sign_in(here, ada.email_address, PASSWORD)).status_code == 200
    async with at(app, ELSEWHERE) as elsewhere:
        assert (await sign_in(elsewhere, "y@example.org")).status_code == 401


async def test_a_sign_in_of_ones_own_does_not_excuse_an_address(app: FastAPI, ada: Person) -> None:
    async with at(app, ELSEWHERE) as thief:
        for place in range(4):
            await sign_in(thief, f"{place}@example.org")
            assert (await sign_in(thief, ada.email_address, PASSWORD)).status_code == 200
    like = THROTTLES.c.subject.like(f"sign_in:{By.ADDRESS}:%")
    failures = {row["failures"] for row in await rows(sa.select(THROTTLES).where(like))}
    assert failures == {4, 0}


async def test_fifty_at_once_are_fifty_tries(app: FastAPI, ada: Person, watched: Watched) -> None:
    async with at(app, ELSEWHERE) as client:
        answers = await asyncio.gather(*(sign_in(client, ada.email_address) for _ in range(50)))
    statuses = [answer.status_code for answer in answers]
    assert statuses.count(401) == STRICT.free + 1
    assert set(statuses) <= {401, 429, 503}  # 503 where a busy machine lets SQLite's one writer wait too long
    assert watched.compared == STRICT.free + 1


async def test_no_count_is_lost(database: Database) -> None:
    guesser = Guesser(Tokens(["k" * 32]), True, ELSEWHERE, Actor())
    before = PACES[Guess.SIGN_IN][By.ADDRESS]

    async def fail(place: int) -> None:
        with suppress(InvalidCredentials):
            async with guesser.trying(Guess.SIGN_IN, str(place)):
                raise InvalidCredentials

    await asyncio.gather(*(fail(place) for place in range(50)))
    (row,) = await rows(sa.select(THROTTLES).where(THROTTLES.c.subject.like(f"%:{By.ADDRESS}:%")))
    assert row["failures"] == 50 < before.free
    assert database.is_connected


async def test_a_block_is_told_once(app: FastAPI, ada: Person) -> None:
    async with at(app, ELSEWHERE) as client:
        for _ in range(STRICT.free + 1):
            await sign_in(client, ada.email_address)
        refused = [await sign_in(client, ada.email_address) for _ in range(5)]
    assert {answer.status_code for answer in refused} == {429}
    (entry,) = await history("throttle:block")
    assert (entry["entity_id"], entry["user_id"]) == (ada.id, None)
    assert entry["after"] == {
        "guess": "sign_in", "by": "account_and_address", "failures": 6, "seconds": 2.0, "address": ELSEWHERE
    }  # fmt: skip


async def test_nothing_that_was_typed_is_kept(app: FastAPI) -> None:
    """People type their password where their name belongs."""
    typed = "my secret as a name"
    async with at(app, ELSEWHERE) as client:
        for _ in range(STRICT.free + 1):
            await sign_in(client, typed)
    kept = str(await rows(sa.select(THROTTLES))) + str(await history())
    assert "throttle:block" in kept
    assert typed not in kept


async def test_the_page_says_when_to_come_back(app: FastAPI) -> None:
    async with at(app, ELSEWHERE) as client:
        for _ in range(STRICT.free + 1):
            await sign_in(client, "x@example.org")
        form = {"email_address": "x@example.org", "password": "wrong"}
        page = await client.post("/auth/login/", data=form, headers=PAGE)
    assert (page.status_code, page.headers["retry-after"]) == (429, "2")
    assert "Wait 2 seconds, then try again." in page.text


async def test_other_nodes_count_too(app: FastAPI, ada: Person, settings: Settings) -> None:
    other = create_app(settings)
    async with at(app, ELSEWHERE) as client, at(other, ELSEWHERE) as there:
        answers = [await sign_in(which, ada.email_address) for which in (client, there) * 4]
    assert [answer.status_code for answer in answers] == [401] * 6 + [429] * 2


async def test_a_busy_server_is_not_the_owners_fault(app: FastAPI, ada: Person) -> None:
    passwords: Passwords = app.state.passwords
    room, passwords._room = passwords._room, 0
    async with at(app, ELSEWHERE) as client:
        answers = [await sign_in(client, ada.email_address, PASSWORD) for _ in range(STRICT.free + 3)]
        assert {(answer.status_code, answer.headers["retry-after"]) for answer in answers} == {(503, "5")}
        passwords._room = room
        assert (await sign_in(client, ada.email_address, PASSWORD)).status_code == 200


async def test_a_try_counts_though_its_sender_is_gone(app: FastAPI, ada: Person) -> None:
    """Else who hangs up in time would guess for nothing."""
    guesser = Guesser(app.state.sessions.tokens, True, ELSEWHERE, Actor())
    with pytest.raises(asyncio.CancelledError):
        async with guesser.trying(Guess.SIGN_IN, ada.email_address):
            raise asyncio.CancelledError
    assert {row["failures"] for row in await rows(sa.select(THROTTLES)) if row["failures"]} == {1}


async def test_mail_may_not_be_asked_for_too_often(app: FastAPI) -> None:
    guesser = Guesser(app.state.sessions.tokens, True, ELSEWHERE, Actor())
    other = replace(guesser, address="198.51.100.1")
    for who in (guesser, other, guesser, other):
        await who.count(Guess.MAIL, "ada@example.org")
    with pytest.raises(TooMany) as refused:
        await guesser.count(Guess.MAIL, "ada@example.org")
    assert refused.value.headers == {"Retry-After": "2"}
    await guesser.count(Guess.MAIL, "grace@example.org")


async def test_switched_off_it_counts_nothing(app: FastAPI) -> None:
    guesser = Guesser(app.state.sessions.tokens, False, ELSEWHERE, Actor())
    for _ in range(50):
        await guesser.count(Guess.MAIL, "ada@example.org")
        with suppress(Unavailable):
            async with guesser.trying(Guess.CODE, "ada"):
                raise Unavailable
    assert not await rows(sa.select(THROTTLES))


async def test_inside_a_transaction_it_would_be_taken_back(app: FastAPI) -> None:
    guesser = Guesser(app.state.sessions.tokens, True, ELSEWHERE, Actor())
    with pytest.raises(RuntimeError, match="transaction of its own"):
        async with database.transaction():
            await guesser.count(Guess.MAIL, "ada@example.org")


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(1, "1 second"), (59, "59 seconds"), (60, "1 minute"), (61, "2 minutes"), (900, "15 minutes")],
)
def test_a_wait_in_words(seconds: int, words: str) -> None:
    assert in_words(seconds) == words


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:DB8:1:2::", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("", ""),
        ("a socket", "a socket"),
    ],
)
def test_whose_tries_count_together(address: str, network: str) -> None:
    assert network_of(address) == network


async def test_addresses_of_colleagues_are_not_tried_one_after_the_other(ada: Person, sign_up: SignUp) -> None:
    """Whoever adds members is told who has no account; who goes through a list waits, also where somebody has one."""
    bob = await sign_up("bob")
    urls = [(await ada.client.post("/projects/create/", json={"name": name})).json()["url"] for name in "xy"]

    async def add(number: int, address: str) -> int:
        body = {"email_address": address, "role": "viewer"}
        return (await ada.client.post(f"{urls[number % 2]}members/create/", json=body)).status_code

    assert await add(0, bob.email_address) == 201
    free = PACES[Guess.MEMBER][By.ACCOUNT].free
    assert {await add(number, f"nobody{number}@example.org") for number in range(free + 1)} == {422}
    assert await add(1, bob.email_address) == 429
    (entry,) = await history("throttle:block")
    assert (entry["user_id"], entry["after"]["guess"]) == (ada.id, "member")

"""Passwords cost the same work for everyone, never on the event loop, and a few at a time."""

import asyncio
import os
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace

import httpx
import pytest
from argon2 import PasswordHasher, extract_parameters
from argon2.low_level import Type
from fastapi import FastAPI

from authentication.passwords import PRIORITY, Passwords
from config import Settings, load_settings
from errors import Unavailable
from models.users import accounts
from tests.authentication import stored
from tests.clients import PASSWORD, Person, SignUp, connect, environment

LONGEST_WAIT = 30
"""Seconds until a test that would otherwise hang fails."""


@pytest.fixture
def cheap() -> Settings:
    return load_settings(environment("sqlite:///unused.db"))


@pytest.fixture
def passwords(cheap: Settings) -> Iterator[Passwords]:
    made = Passwords(cheap)
    yield made
    made.close()


async def test_the_right_password_and_no_other(passwords: Passwords) -> None:
    stored_hash = await passwords.hash(PASSWORD)
    assert await passwords.verify(stored_hash, PASSWORD)
    for wrong in ("", PASSWORD + " ", PASSWORD.upper(), PASSWORD[:-1], "x" * 100_000, "\0", "é"):
        assert not await passwords.verify(stored_hash, wrong)


async def test_every_character_counts(passwords: Passwords) -> None:
    """OWASP ASVS 5.0, 6.2.8: as it was typed, nothing cut off; a NUL ends no string here."""
    for password in ("a" * 1000, "with\0zero", "tränenüberströmt \N{HOT BEVERAGE}"):
        stored_hash = await passwords.hash(password)
        assert await passwords.verify(stored_hash, password)
        assert not await passwords.verify(stored_hash, password[:-1])
        assert not await passwords.verify(stored_hash, password.partition("\0")[0] + "x")


@pytest.mark.parametrize("broken", ["", "x", "$argon2id$", "$2b$12$notargon", "$argon2id$v=19$m=64,t=1,p=1$AAAA$AAAA"])
async def test_a_broken_hash_opens_nothing(passwords: Passwords, broken: str) -> None:
    assert not await passwords.verify(broken, PASSWORD)


async def test_nobody_has_a_password(passwords: Passwords) -> None:
    assert not await passwords.verify(None, "an account that has no password yet")


async def test_parameters_are_those_of_the_settings(cheap: Settings) -> None:
    made = Passwords(replace(cheap, ARGON2_TIME_COST=2, ARGON2_MEMORY_KIB=256, ARGON2_PARALLELISM=3))
    parameters = extract_parameters(await made.hash(PASSWORD))
    made.close()
    assert parameters.type is Type.ID
    assert (parameters.time_cost, parameters.memory_cost, parameters.parallelism) == (2, 256, 3)
    assert (parameters.salt_len, parameters.hash_len) == (16, 32)


class Gate:
    """Stands before the real hasher: counts who comes, and lets them in when told."""

    def __init__(self, hasher: PasswordHasher) -> None:
        self.hasher = hasher
        self.verified: list[str] = []
        self.inside = self.most_inside = 0
        self.lock = threading.Lock()
        self.entered, self.open = threading.Semaphore(0), threading.Event()
        self.threads: set[str] = set()

    def verify(self, stored_hash: str, password: str) -> bool:
        with self.lock:
            self.verified.append(stored_hash)
            self.threads.add(threading.current_thread().name)
            self.inside += 1
            self.most_inside = max(self.most_inside, self.inside)
        self.entered.release()
        self.open.wait(LONGEST_WAIT)
        with self.lock:
            self.inside -= 1
        return self.hasher.verify(stored_hash, password)

    def __getattr__(self, name: str) -> object:
        return getattr(self.hasher, name)


@pytest.fixture
def gate(app: FastAPI) -> Iterator[Gate]:
    passwords: Passwords = app.state.passwords
    passwords._hasher = watched = Gate(passwords._hasher)  # type: ignore[assignment]
    yield watched
    watched.open.set()


@pytest.fixture
async def ada(sign_up: SignUp) -> Person:
    """Signed up before the gate is closed, as fixtures that a test names later are made later."""
    return await sign_up("ada")


def sign_in(client: httpx.AsyncClient, address: str, password: str = PASSWORD) -> asyncio.Task[httpx.Response]:
    body = {"email_address": address, "password": password}
    return asyncio.create_task(client.post("/auth/login/", json=body))


async def test_others_are_served_while_a_password_is_checked(
    ada: Person, gate: Gate, client: httpx.AsyncClient
) -> None:
    """On the event loop the check would hold up everything until the gate gives up waiting, and then be finished."""
    signing_in = sign_in(client, ada.email_address)
    await asyncio.to_thread(gate.entered.acquire, timeout=LONGEST_WAIT)
    assert (await ada.client.get("/account/")).status_code == 200
    assert not signing_in.done()
    gate.open.set()
    assert (await signing_in).status_code == 200
    assert all(name.startswith("argon2") for name in gate.threads)


async def test_only_so_many_are_checked_at_once(ada: Person, gate: Gate, app: FastAPI, settings: Settings) -> None:
    """Memory in use is this number times ARGON2_MEMORY_KIB, however many people sign in."""
    async with connect(app) as client:
        waiting = [sign_in(client, ada.email_address, "wrong") for _ in range(12)]
        for _ in range(settings.ARGON2_CONCURRENCY):
            await asyncio.to_thread(gate.entered.acquire, timeout=LONGEST_WAIT)
        for _ in range(20):  # requests that go all the way while the others wait
            assert (await ada.client.get("/account/")).status_code == 200
        assert gate.inside == settings.ARGON2_CONCURRENCY == 2
        gate.open.set()
        answers = await asyncio.gather(*waiting)
    assert [answer.status_code for answer in answers] == [401] * 12
    assert (gate.most_inside, len(gate.verified)) == (2, 12)


async def test_only_so_many_wait(passwords: Passwords, cheap: Settings) -> None:
    """More would have given up before it is their turn, and the memory of all who wait would have no bound."""
    places = cheap.ARGON2_CONCURRENCY + cheap.ARGON2_QUEUE
    passwords._hasher = gate = Gate(passwords._hasher)  # type: ignore[assignment]
    waiting = [asyncio.create_task(passwords.verify(None, PASSWORD)) for _ in range(places)]
    await asyncio.to_thread(gate.entered.acquire, timeout=LONGEST_WAIT)
    with pytest.raises(Unavailable):
        await passwords.verify(None, PASSWORD)
    gone = waiting.pop()
    gone.cancel()
    await asyncio.wait([gone])
    waiting.append(asyncio.create_task(passwords.verify(None, PASSWORD)))
    gate.open.set()
    assert await asyncio.gather(*waiting) == [False] * places
    assert not await passwords.verify(None, PASSWORD)


async def test_every_wrong_combination_costs_one_check(ada: Person, gate: Gate, client: httpx.AsyncClient) -> None:
    """Counted, not timed: else an answer's time would tell who has an account."""
    gate.open.set()
    await stored.set_user(ada.id, is_active=False)
    for address in (ada.email_address, "nobody@example.org", "not an address", "", "x" * 3000, "nul\0@example.org"):
        gate.verified.clear()
        assert (await sign_in(client, address)).status_code == 401
        (checked,) = gate.verified
        assert extract_parameters(checked) == extract_parameters(gate.hasher.hash("x"))


async def test_a_hash_is_renewed_when_parameters_rise(ada: Person, app: FastAPI, client: httpx.AsyncClient) -> None:
    before = await accounts.by_email_address(ada.email_address)
    app.state.passwords._hasher = PasswordHasher(time_cost=2, memory_cost=128, parallelism=1)
    assert (await sign_in(client, ada.email_address, "wrong")).status_code == 401
    assert await accounts.by_email_address(ada.email_address) == before
    assert (await sign_in(client, ada.email_address)).status_code == 200
    after = await accounts.by_email_address(ada.email_address)
    assert before is not None
    assert after is not None
    assert after.password_hash != before.password_hash
    assert extract_parameters(after.password_hash).memory_cost == 128
    assert not any(before.password_hash in row.values() for row in await stored.rows(stored.every_user()))
    assert [(entry["entity_id"], entry["after"]) for entry in await stored.history("user:renew_hash")] == [
        (ada.id, None)
    ]
    assert (await sign_in(client, ada.email_address)).status_code == 200
    assert await accounts.by_email_address(ada.email_address) == after, "once"
    assert (await ada.client.get("/account/")).status_code == 200, "sessions live on: the password is the same"


async def test_a_password_changed_meanwhile_is_not_undone(ada: Person, passwords: Passwords) -> None:
    before = await accounts.by_email_address(ada.email_address)
    assert before is not None
    changed = await passwords.hash("another password")
    await stored.set_user(ada.id, password_hash=changed)
    assert not await accounts.renew_hash(before, await passwords.hash(PASSWORD))
    after = await accounts.by_email_address(ada.email_address)
    assert after is not None
    assert after.password_hash == changed


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has priorities of single threads")
async def test_hashing_gives_way_to_everything_else(passwords: Passwords) -> None:
    def of_this_thread() -> int:
        return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

    before = of_this_thread()
    assert await passwords._run(of_this_thread) == PRIORITY
    assert of_this_thread() == before

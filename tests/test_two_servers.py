"""Two servers on one database: a session that one of them revokes is refused by the other at the first request."""

import asyncio
import itertools
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import httpx
import pytest

from authentication.passwords import Passwords
from config import load_settings
from models.storage.database import database
from tests.authentication import stored
from tests.clients import PASSWORD, environment
from tests.servers import served

BOSS, ADA = "boss@example.org", "ada@example.org"
ROUNDS = 200


def add_people(url: str) -> None:
    asyncio.run(added(url))


async def added(url: str) -> None:
    passwords = Passwords(load_settings(environment(url)))
    database.configure(url)
    await database.connect()
    for address in (BOSS, ADA):
        hashed = await passwords.hash(PASSWORD)
        await stored.add_person(address, hashed, is_administrator=address == BOSS, is_verified=True)
    await database.disconnect()
    passwords.close()


@dataclass(frozen=True)
class Session:
    """A session, wherever its cookie is sent."""

    cookie: str

    def get(self, server: httpx.Client, path: str = "/account/") -> httpx.Response:
        return server.get(path, headers={"Cookie": self.cookie})

    def post(self, server: httpx.Client, path: str, **body: object) -> httpx.Response:
        return server.post(path, headers={"Cookie": self.cookie}, json=body)

    def id(self, server: httpx.Client) -> str:
        sessions = self.get(server, "/account/sessions/").json()["data"]
        return next(str(session["id"]) for session in sessions if session["current"])


def sign_in(server: httpx.Client, address: str) -> Session:
    answer = server.post("/auth/login/", json={"email_address": address, "password": PASSWORD})
    assert answer.status_code == 200, answer.text
    server.cookies.clear()
    return Session(answer.headers["set-cookie"].partition(";")[0])


Two = tuple[httpx.Client, httpx.Client]


@pytest.fixture
def two(database_url: str) -> Iterator[Two]:
    """Clients of two servers on one database."""
    add_people(database_url)
    with (
        served(database_url) as first,
        served(database_url) as second,
        httpx.Client(base_url=first) as a,
        httpx.Client(base_url=second) as b,
    ):
        yield a, b


def revoke(server: httpx.Client, boss: Session, **target: object) -> httpx.Response:
    return boss.post(server, "/ops/sessions/revoke/", **target, reason="Lost laptop")


WAYS: dict[str, Callable[[httpx.Client, Session, Session], httpx.Response]] = {
    "an operator, one": lambda server, boss, ada: revoke(server, boss, session_id=ada.id(server)),
    "an operator, a person": lambda server, boss, _: revoke(server, boss, email_address=ADA),
    "signing out": lambda server, _, ada: ada.post(server, "/auth/logout/"),
    "the owner": lambda server, _, ada: ada.post(server, f"/account/sessions/{ada.id(server)}/revoke/"),
}


def passed(here: httpx.Client, there: httpx.Client, rounds: int) -> dict[str, int]:
    """How many requests of a revoked session were served, by the way in which it was revoked."""
    found = dict.fromkeys(WAYS, 0)
    boss = sign_in(here, BOSS)
    for way, _ in zip(itertools.cycle(WAYS), range(rounds), strict=False):
        ada = sign_in(here, ADA)
        assert ada.get(there).json()["email_address"] == ADA
        assert WAYS[way](here, boss, ada).status_code in {200, 204}
        answers = [ada.get(there), ada.get(here), ada.post(there, "/projects/create/", name="x")]
        found[way] += sum(answer.status_code != 401 for answer in answers)
    return found


def test_refused_at_the_first_request_on_the_other(two: Two) -> None:
    first, second = two
    assert passed(first, second, ROUNDS // 2) == dict.fromkeys(WAYS, 0)
    assert passed(second, first, ROUNDS // 2) == dict.fromkeys(WAYS, 0)


def test_everyone_is_out_on_both(two: Two) -> None:
    first, second = two
    boss = sign_in(second, BOSS)
    people = [sign_in(server, ADA) for server in (first, second) * 3]
    assert revoke(first, boss, everyone=True).json() == {"revoked": 7}
    statuses = {session.get(server).status_code for session in (boss, *people) for server in two}
    assert statuses == {401}


def test_a_browser_that_never_stops_asking_is_refused_too(two: Two) -> None:
    """Requests that were sent before the revocation was acknowledged may pass; none that was sent after it."""
    first, second = two
    boss = sign_in(first, BOSS)
    for _ in range(20):
        asking = Hammer(second, sign_in(first, ADA))
        assert asking.begun.wait(60)
        assert revoke(first, boss, email_address=ADA).status_code == 200
        acknowledged = time.monotonic()
        asking.join(60)
        assert asking.last == 401
        assert [sent for sent in asking.sent if sent > acknowledged] == []


class Hammer(threading.Thread):
    """Asks again and again until it is refused; `sent` are the times at which requests that passed were sent."""

    def __init__(self, server: httpx.Client, session: Session) -> None:
        super().__init__(daemon=True)
        self.server, self.session = server, session
        self.sent: list[float] = []
        self.begun, self.last = threading.Event(), 0
        self.start()

    def run(self) -> None:
        while self.last in {0, 200}:
            sent = time.monotonic()
            self.last = self.session.get(self.server).status_code
            if self.last == 200:
                self.sent.append(sent)
            self.begun.set()


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
def test_workers_of_one_server_are_servers_too(database_url: str) -> None:
    """Each request opens a connection, which either worker may take."""
    add_people(database_url)
    with served(database_url, WORKERS="2") as both:
        limits = httpx.Limits(max_keepalive_connections=0)
        with httpx.Client(base_url=both, limits=limits) as one, httpx.Client(base_url=both, limits=limits) as other:
            assert passed(one, other, 100) == dict.fromkeys(WAYS, 0)

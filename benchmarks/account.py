"""`GET /account/` with a live session, beside the one query that it takes and beside frameworks that do the same."""

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack

import httpx

from benchmarks import _filled, _floor
from benchmarks._load import getting, in_turn
from benchmarks._report import Ratio
from benchmarks._serving import database_server, floor, peer, peers_are_installed, turva

ROUNDS, SECONDS = 3, 4.0
PEOPLE = 200
USERS = 8
"""Fewer than the connections of each pool, and enough to keep the core of the server busy."""

TOKEN = "the-token-of-the-floor"  # noqa: S105 - of a database that is thrown away
PEERS = {
    "fastapi-users, DatabaseStrategy": (
        "fastapi_users_database",
        "fastapiusersauth=the-token-of-the-benchmark-0123456789-abcd",
    ),
    "Django, database sessions": ("django_sessions", "sessionid=thesessionofthebenchmark01234567"),
}
Side = tuple[str, str]
"""The URL of an account read, and the cookie that it needs."""


def measure(seconds: float = SECONDS, rounds: int = ROUNDS, people: int = PEOPLE) -> list[Ratio]:
    """Answers a second of one server process each; all run at once, and are asked in turn."""
    with ExitStack() as running:
        sides = dict(started(running, people))
        assert read(sides["Turva"]) == read(sides["floor"])
        assert all(read(side)["first_name"] == "Ada" for side in sides.values())
        users = {name: getting(url, {"Cookie": cookie}, USERS) for name, (url, cookie) in sides.items()}
        found = in_turn(users, seconds, rounds)
    ours = found.pop("Turva")
    goals = {"floor": 0.5, **dict.fromkeys(PEERS, 6.0)}
    return [Ratio("account read", name, ours, rates, "/s", at_least=goals[name]) for name, rates in found.items()]


def started(running: ExitStack, people: int) -> Iterator[tuple[str, Side]]:
    """Every program with a live session in a database of its own; the floor reads Turva's."""
    server = running.enter_context(database_server())
    database = asyncio.run(_filled.new_database(server, "turva"))
    asyncio.run(_filled.add_people(database, people))
    ours = running.enter_context(turva(database))
    cookie = _filled.sign_in(ours)
    asyncio.run(_filled.add_sessions(database, _floor.token_hash(TOKEN.encode())))
    yield "Turva", (f"{ours}/account/", cookie)
    yield "floor", (running.enter_context(floor("account", database)) + "/account/", f"floor={TOKEN}")
    if not peers_are_installed():
        print("The peers are not installed, so they are left out: make .venv-bench/packages.stamp")
        return
    for name, (program, its_cookie) in PEERS.items():
        asyncio.run(_filled.new_database(server, program))
        yield name, (running.enter_context(peer(program, server, program)) + "/account/", its_cookie)


def read(side: Side) -> dict[str, object]:
    url, cookie = side
    answer = httpx.get(url, headers={"Cookie": cookie})
    answer.raise_for_status()
    found: dict[str, object] = answer.json()
    return found

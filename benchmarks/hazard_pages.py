"""A page of 50 hazards out of 10,000: as JSON beside the one query that could write it, and as HTML beside the JSON."""

import asyncio
from contextlib import ExitStack

import httpx

from benchmarks import _filled
from benchmarks._load import getting, in_turn
from benchmarks._report import Ratio
from benchmarks._serving import database_server, floor, turva

ROUNDS, SECONDS = 3, 4.0
HAZARDS = 10_000
USERS = 8
PAGE = {"Accept": "text/html"}


def measure(seconds: float = SECONDS, rounds: int = ROUNDS, hazards: int = HAZARDS) -> list[Ratio]:
    """Answers a second of one server process each; the HTML against the JSON as time, which is what people wait."""
    with ExitStack() as running:
        server = running.enter_context(database_server())
        database = asyncio.run(_filled.new_database(server, "turva"))
        asyncio.run(_filled.add_people(database, 1))
        project = asyncio.run(_filled.add_project(database, hazards))
        ours = running.enter_context(turva(database))
        signed_in = {"Cookie": _filled.sign_in(ours)}
        asyncio.run(_filled.add_sessions(database))
        page = f"{ours}/projects/{project}/hazards/?limit=50"
        least = f"{running.enter_context(floor('hazards', database))}/{project}/"
        assert read(page, signed_in).json() == read(least, {}).json()
        assert read(page, signed_in | PAGE).text.count("HAZ-") >= 50  # and the templates are compiled
        sides = {
            "floor": getting(least, {}, USERS),
            "JSON": getting(page, signed_in, USERS),
            "HTML": getting(page, signed_in | PAGE, USERS),
        }
        found = in_turn(sides, seconds, rounds)
    times = {name: [1000 / rate for rate in rates] for name, rates in found.items()}
    what = f"page of 50 of {hazards:,} hazards"
    return [
        Ratio(f"{what}, JSON", "floor", found["JSON"], found["floor"], "/s", at_least=0.4),
        Ratio(f"{what}, HTML", "its JSON", times["HTML"], times["JSON"], "ms", at_most=3),
    ]


def read(url: str, headers: dict[str, str]) -> httpx.Response:
    return httpx.get(url, headers=headers).raise_for_status()

"""Lists, filters, sorts and searches of one project as others fill the tables, and its last page beside its first."""

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack

from benchmarks import _filled, _many_projects
from benchmarks._load import Users, getting, in_turn
from benchmarks._report import Ratio
from benchmarks._serving import database_server, turva
from benchmarks.hazard_pages import read
from tests.postgresql import Server

ROUNDS, SECONDS = 3, 2.0
SIZE, FEW, MANY = 1_000, 10, 1_000
"""Hazards of a project; projects of the smaller and of the larger database: ten thousand hazards, and a million."""
LONG = 10_000
"""Hazards of the project whose last page is asked for."""
USERS = 4
ASKED = {
    "list": "",
    "last page": "&page={last}",
    "filter": "&status=open&level=3&type=Display",
    "overdue": "&overdue=true",
    "sort": "&sort=-level",
    "search": "&search=nurse+dose+night",
    "search for the beginning of a word": "&search=all",
}
TURNED = {"number": "", "name": "&sort=name", "risk": "&sort=-level"}


def measure(
    seconds: float = SECONDS, rounds: int = ROUNDS, size: int = SIZE, many: int = MANY, long: int = LONG
) -> list[Ratio]:
    """Milliseconds of an answer in JSON, 50 hazards a page, of servers that are asked in turn."""
    with ExitStack() as running:
        server = running.enter_context(database_server())
        sides = {count: started(running, server, f"of_{count}", count, size) for count in (FEW, many)}
        wide = list(compared(sides, many, size, seconds, rounds))
        deep = started(running, server, "deep", 1, long)
        return [*wide, *turned(deep, long, seconds, rounds)]


def started(running: ExitStack, server: Server, name: str, count: int, size: int) -> tuple[str, dict[str, str]]:
    """The address of a log in a database of its own, and what it takes to read it."""
    database = asyncio.run(_filled.new_database(server, name))
    asyncio.run(_filled.add_people(database, 1))
    project = asyncio.run(_many_projects.add(database, count, size))
    ours = running.enter_context(turva(database))
    return f"{ours}/projects/{project}/hazards/?limit=50", {"Cookie": _filled.sign_in(ours)}


def compared(
    sides: dict[int, tuple[str, dict[str, str]]], many: int, size: int, seconds: float, rounds: int
) -> Iterator[Ratio]:
    for what, query in ASKED.items():
        asked = {count: log + query.format(last=-(-size // 50)) for count, (log, _) in sides.items()}
        totals = {read(url, sides[count][1]).json()["pagination"]["total"] for count, url in asked.items()}
        assert len(totals) == 1, (what, totals)
        users = {str(count): getting(url, sides[count][1], USERS) for count, url in asked.items()}
        times = {
            name: [1000 * USERS / rate for rate in rates] for name, rates in in_turn(users, seconds, rounds).items()
        }
        rows = f"{what}, {many * size:,} hazards"
        yield Ratio(rows, f"{FEW * size:,} hazards", times[str(many)], times[str(FEW)], "ms", at_most=1.5)


def turned(deep: tuple[str, dict[str, str]], long: int, seconds: float, rounds: int) -> Iterator[Ratio]:
    log, signed_in = deep
    for by, query in TURNED.items():
        pages = {
            "first": log + query,
            "last": f"{log}{query}&page={long // 50}",
            "middle": f"{log}{query}&page={long // 100}",
        }
        users = {name: getting(url, signed_in, USERS) for name, url in pages.items()}
        times = {
            name: [1000 * USERS / rate for rate in rates] for name, rates in in_turn(users, seconds, rounds).items()
        }
        what = f"last page of {long:,} by {by}"
        yield Ratio(what, "first page", times["last"], times["first"], "ms", at_most=1.2)


def waits(users: dict[str, Users], seconds: float, rounds: int) -> dict[str, list[float]]:
    """Milliseconds that a user waits for an answer, in each round."""
    return {name: [1000 * USERS / rate for rate in rates] for name, rates in in_turn(users, seconds, rounds).items()}

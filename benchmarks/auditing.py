"""A change with its audit entry, chained and fenced, beside the same change by a server that records nothing."""

import asyncio
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from itertools import cycle
from uuid import UUID

import httpx
import orjson

from benchmarks import _filled
from benchmarks._load import Users, in_turn, request
from benchmarks._report import Ratio
from benchmarks._serving import SERVER_CORE, SETTINGS, database_server, running, turva
from tests.servers import free_port

ROUNDS, SECONDS = 5, 4.0
USERS = 8
HAZARDS = 40
"""In each project; an assessment locks its hazard."""
JUDGED = {"stage": "initial", "severity": "major", "likelihood": "low", "severity_justification": "One patient"}


def measure(seconds: float = SECONDS, rounds: int = ROUNDS, projects: int = USERS) -> list[Ratio]:
    """Assessments a second: of hazards of as many projects as there are users, and all of one."""
    with ExitStack() as running_:
        server = running_.enter_context(database_server())
        database = asyncio.run(_filled.new_database(server, "turva"))
        asyncio.run(_filled.add_people(database, 1))
        keys = [asyncio.run(_filled.add_project(database, HAZARDS)) for _ in range(projects)]
        audited = running_.enter_context(turva(database))
        bare = running_.enter_context(unaudited(database))
        cookie = _filled.sign_in(audited)
        sides = {
            (name, spread): assessing(url, cookie, keys if spread else keys[:1])
            for name, url in (("audited", audited), ("bare", bare))
            for spread in (True, False)
        }
        found = in_turn({f"{name} {spread}": users for (name, spread), users in sides.items()}, seconds, rounds)
    where = {True: f"over {projects} projects", False: "all in one project"}
    return [compared(what, found[f"audited {spread}"], found[f"bare {spread}"]) for spread, what in where.items()]


def compared(where: str, audited: Sequence[float], bare: Sequence[float]) -> Ratio:
    return Ratio(f"audited write, {where}", "the same without audit", audited, bare, "/s", at_least=0.8)


@contextmanager
def unaudited(database_url: str) -> Iterator[str]:
    port = free_port()
    environment = {"DATABASE_URL": database_url, "PORT": str(port), **SETTINGS}
    command = [sys.executable, "-m", "benchmarks._unaudited", "serve"]
    with running(command, environment, port, SERVER_CORE) as url:
        yield url


def assessing(url: str, cookie: str, projects: Sequence[UUID]) -> Users:
    """One hazard after the other, and a project each time, so that users meet at no hazard."""
    headers = {"Cookie": cookie, "Accept": "application/json", "Content-Type": "application/json"}
    hazards = [first_hazards(url, cookie, project) for project in projects]
    to = [f"{url}{hazard}assess/" for row in zip(*hazards, strict=True) for hazard in row]
    return Users(to[0], cycle([request("POST", one, headers, orjson.dumps(JUDGED)) for one in to]), USERS)


def first_hazards(url: str, cookie: str, project: UUID) -> list[str]:
    """Where the open hazards of a project are; a closed one cannot be judged."""
    answer = httpx.get(f"{url}/projects/{project}/hazards/?limit={HAZARDS}&status=open", headers={"Cookie": cookie})
    return [hazard["url"] for hazard in answer.raise_for_status().json()["data"]]

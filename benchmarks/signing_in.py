"""Signing in while every core is busy with Argon2id: beside bare hashing, and what other people notice of it."""

import asyncio
import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from itertools import cycle

import orjson
from argon2 import PasswordHasher

from benchmarks import _filled
from benchmarks._load import Answered, Users, getting, load, request
from benchmarks._report import Ratio
from benchmarks._serving import ALL_CORES, SETTINGS, database_server, turva
from config import load_settings

ROUNDS, SECONDS = 3, 8.0
PEOPLE = 100
AT_ONCE = max(2, os.cpu_count() or 2)
"""Passwords that are checked at once; each takes four threads, so that this keeps every core busy."""
OTHERS, PAUSE = 4, 0.05
"""Other people, and the seconds that each lets pass between two requests: enough for a p99, and little work."""


def measure(seconds: float = SECONDS, rounds: int = ROUNDS, people: int = PEOPLE, **settings: str) -> list[Ratio]:
    """Sign-ins and hashes a second on all cores; the p99 of the others with sign-ins and without, in milliseconds."""
    settings = {"ARGON2_CONCURRENCY": str(AT_ONCE), **settings}
    bare, signed_in, idle, busy = [], [], [], []
    with ExitStack() as running:
        server = running.enter_context(database_server(ALL_CORES))
        database = asyncio.run(_filled.new_database(server, "turva"))
        asyncio.run(_filled.add_people(database, people, settings))
        url = running.enter_context(turva(database, ALL_CORES, **settings))
        cookie = _filled.sign_in(url)
        others = getting(f"{url}/account/", {"Cookie": cookie}, OTHERS, PAUSE)
        crowd = signing_in(url, people)
        load(seconds / 4, crowd, others, chosen=ALL_CORES)
        for _ in range(rounds):
            bare.append(hashes(seconds, **settings))
            idle += load(seconds, others, chosen=ALL_CORES)
            both = load(seconds, crowd, others, chosen=ALL_CORES)
            signed_in.append(both[0].rate)
            busy.append(both[1])
    return [
        Ratio("sign-ins", "bare hashes", signed_in, bare, "/s", at_least=0.9),
        Ratio("p99 of others meanwhile", "when nobody signs in", p99s(busy), p99s(idle), "ms", at_most=3),
    ]


def p99s(found: list[Answered]) -> list[float]:
    return [one.p99 * 1000 for one in found]


def signing_in(url: str, people: int) -> Users:
    """A crowd, each as somebody else, that always keeps as many waiting as are checked at once."""
    to = f"{url}/auth/login/"
    bodies = [
        orjson.dumps({"email_address": address, "password": _filled.PASSWORD})
        for address in _filled.addresses(people)
        if address != _filled.ADA  # so many sign-ins would end her session, by which the others ask
    ]
    headers = {"Accept": "application/json", "Content-Type": "application/json"}
    return Users(to, cycle([request("POST", to, headers, body) for body in bodies]), 2 * AT_ONCE)


def hashes(seconds: float, **settings: str) -> float:
    """Hashes a second, as many at once as the server makes and by its parameters."""
    wanted = load_settings({"DATABASE_URL": "sqlite:///var/never-opened.db", **SETTINGS, **settings})
    hasher = PasswordHasher(wanted.ARGON2_TIME_COST, wanted.ARGON2_MEMORY_KIB, wanted.ARGON2_PARALLELISM)
    over = threading.Event()
    stored = hasher.hash(_filled.PASSWORD)

    def check() -> int:
        done = 0
        while not over.is_set():
            hasher.verify(stored, _filled.PASSWORD)
            done += 1
        return done

    with ThreadPoolExecutor(AT_ONCE) as pool:
        started = time.perf_counter()
        counts = [pool.submit(check) for _ in range(AT_ONCE)]
        time.sleep(seconds)
        over.set()
        total = sum(count.result() for count in counts)
        return total / (time.perf_counter() - started)

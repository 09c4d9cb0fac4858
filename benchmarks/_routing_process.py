"""One measurement of benchmarks/routing.py, in a process of its own: `... imported|started|answered tree place`."""

import asyncio
import json
import statistics
import sys
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from uuid import UUID

from fastapi import FastAPI
from starlette.types import Message, Scope

import main
from config import load_settings

BATCHES, REQUESTS = 15, 400
ENVIRONMENT = {
    "DATABASE_URL": "sqlite:///var/never-opened.db",
    "SECRET_KEY": "a-key-for-benchmarks-only-0123456789-abcd",
    "TEST_ENVIRONMENT": "true",
    "ACCESS_LOG": "false",
    "RATE_LIMIT_ENABLED": "false",
    "ARGON2_TIME_COST": "1",
    "ARGON2_MEMORY_KIB": "64",
    "ARGON2_PARALLELISM": "1",
}


def modules(tree: str, place: str) -> list[str]:
    paths = sorted(path.relative_to(place).with_suffix("") for path in Path(place, tree).rglob("thing_*.py"))
    return [".".join(path.parts) for path in paths]


def url_of(module: str) -> str:
    area, _, name = module.split(".")[1:]
    return f"/{area}/{UUID(int=1)}/{name}/"


def imported(tree: str, place: str) -> float:
    """Seconds of computing to import every module, and nothing else: other programs on the machine do not count."""
    names = modules(tree, place)
    started = time.process_time()
    for name in names:
        import_module(name)
    return time.process_time() - started


def started(tree: str, place: str) -> float:
    """Seconds until the application has answered its first request."""
    url = url_of(modules(tree, place)[-1])
    begun = time.process_time()
    asyncio.run(ask(made_of(tree), url))
    return time.process_time() - begun


def answered(tree: str, place: str) -> float:
    """Milliseconds of a request to the last module, through all middleware."""
    return asyncio.run(milliseconds(made_of(tree), url_of(modules(tree, place)[-1])))


def made_of(tree: str) -> FastAPI:
    vars(main)["endpoints"] = import_module(tree)
    return main.create_app(load_settings(ENVIRONMENT))


async def milliseconds(app: FastAPI, url: str) -> float:
    batches = []
    for _ in range(BATCHES + 1):
        begun = time.process_time()
        for _ in range(REQUESTS):
            await ask(app, url)
        batches.append((time.process_time() - begun) * 1000 / REQUESTS)
    return statistics.median(batches[1:])


async def ask(app: FastAPI, url: str) -> None:
    scope: Scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": url,
        "raw_path": url.encode(),
        "query_string": b"limit=7",
        "root_path": "",
        "headers": [(b"host", b"localhost"), (b"accept", b"application/json")],
        "client": ("127.0.0.1", 50000),
        "server": ("127.0.0.1", 8000),
    }
    statuses = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        statuses.append(message.get("status"))

    await app(scope, receive, send)
    assert statuses[0] == 200, statuses


MEASURES: dict[str, Callable[[str, str], float]] = {"imported": imported, "started": started, "answered": answered}

if __name__ == "__main__":
    what, tree, place = sys.argv[1:]
    sys.path.insert(0, place)
    print(json.dumps(MEASURES[what](tree, place)))

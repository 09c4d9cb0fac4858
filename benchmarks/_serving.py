"""Servers as the benchmarks compare them: one process each on one core; PostgreSQL and who asks have the others."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from tests import postgresql
from tests.servers import free_port, stop

ROOT = Path(__file__).parent.parent
PEERS = ROOT / ".venv-bench" / "bin" / "python"
START_SECONDS = 60

# What was acknowledged survives a crash, as in use; the rest is the test server's.
DURABLE = {
    **postgresql.SETTINGS,
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "autovacuum": "on",
    "shared_buffers": "256MB",
}

SETTINGS = {
    "SECRET_KEY": "a-key-for-benchmarks-only-0123456789-abcd",
    "TEST_ENVIRONMENT": "true",
    "ACCESS_LOG": "false",
    "RATE_LIMIT_ENABLED": "false",
}

cores = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
ALL_CORES, SERVER_CORE, OTHER_CORES = set(cores), set(cores[:1]), set(cores[1:])


@contextmanager
def on_cores(chosen: set[int]) -> Iterator[None]:
    """What is started inside runs on these cores alone, where the system can do that and there is more than one."""
    if not OTHER_CORES:
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, chosen)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


@contextmanager
def database_server(chosen: set[int] = OTHER_CORES) -> Iterator[postgresql.Server]:
    """PostgreSQL with durable settings, on disk."""
    with on_cores(chosen):
        server = postgresql.Server(DURABLE, in_memory=False)
    try:
        with on_cores(chosen):
            server.start()
        yield server
    finally:
        server.remove()


@contextmanager
def turva(database_url: str, chosen: set[int] = SERVER_CORE, **changes: str) -> Iterator[str]:
    """The base URL of Turva, as it is in use: the settings' own defaults, one process, no access log, no throttles."""
    port = free_port()
    environment = {"DATABASE_URL": database_url, "PORT": str(port), **SETTINGS, **changes}
    with running([sys.executable, "main.py", "serve"], environment, port, chosen) as url:
        yield url


@contextmanager
def floor(name: str, database_url: str, **environment: str) -> Iterator[str]:
    """One of the raw programs of benchmarks/_floor.py."""
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", "benchmarks._floor:app", "--port", str(port)]
    with running(
        [*command, "--no-access-log", "--log-level", "warning"],
        {"FLOOR": name, "DATABASE_URL": database_url, **environment},
        port,
        SERVER_CORE,
    ) as url:
        yield url


def peers_are_installed() -> bool:
    return PEERS.exists()


@contextmanager
def peer(name: str, server: postgresql.Server, database: str) -> Iterator[str]:
    """One of the programs of benchmarks/peers; it makes its tables and a session before it serves."""
    port = free_port()
    environment = {"PGHOST": str(server.folder), "PGDATABASE": database, "PGUSER": "postgres", "PORT": str(port)}
    with running([PEERS, ROOT / "benchmarks" / "peers" / f"{name}.py"], environment, port, SERVER_CORE) as url:
        yield url


@contextmanager
def running(
    command: Sequence[str | Path], environment: Mapping[str, str], port: int, chosen: set[int]
) -> Iterator[str]:
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME"}}
    with tempfile.TemporaryFile() as said:
        options: dict[str, Any] = {"env": kept | dict(environment), "stdout": said, "stderr": subprocess.STDOUT}
        with on_cores(chosen):
            process = subprocess.Popen(command, cwd=ROOT, start_new_session=True, **options)  # noqa: S603 - ours
        try:
            url = f"http://127.0.0.1:{port}"
            wait_for(process, url, said.fileno())
            yield url
        finally:
            stop(process)


def wait_for(process: "subprocess.Popen[bytes]", url: str, said: int) -> None:
    """RuntimeError with what the server said, when it ends or answers nothing."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            httpx.get(f"{url}/")
        except httpx.HTTPError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError(os.pread(said, 100_000, 0).decode(errors="replace"))

"""Real servers as tests start them: a process of its own, a free port, an end by process id."""

import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx

import main
from tests.clients import environment

MAIN = Path(main.__file__)
START_SECONDS = 90
"""A machine that is busy with other tests starts slowly; only a server that hangs is slower than this."""


class NotServing(Exception):
    """The process ended, or did not answer in time; holds what it said."""


@dataclass(frozen=True)
class Running:
    """A server that answers, and its process."""

    url: str
    process: "subprocess.Popen[bytes]"

    def kill(self) -> None:
        """As if its machine lost power: nothing of it does anything more."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(30)


@contextmanager
def served(database_url: str, **changes: str) -> Iterator[str]:
    """The base URL of a server that answers, while it runs."""
    with started(database_url, **changes) as server:
        yield server.url


@contextmanager
def started(database_url: str, **changes: str) -> Iterator[Running]:
    """The same, with the process: for tests that end it."""
    for _ in range(5):
        with run(database_url, free_port(), changes) as server:
            if server:
                yield server
                return
    raise NotServing("five times another program was quicker to take the port")


def free_port() -> int:
    """Free now; another process may take it before it is used."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
        return port


@contextmanager
def run(database_url: str, port: int, changes: dict[str, str]) -> Iterator[Running | None]:
    """A server on this port; None when another program was quicker to take it."""
    name = f"Turva {secrets.token_hex(8)}"  # by which it is told from that other program
    wanted = environment(database_url, PORT=str(port), SERVICE_NAME=name, **changes)
    kept = {key: value for key, value in os.environ.items() if key in {"PATH", "HOME"} or key.startswith("COVERAGE_")}
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, MAIN, "serve"],
            env=kept | wanted,
            cwd=MAIN.parent,
            stdout=said,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # with its workers it is a group, that can be ended as one
        )
        try:
            url = f"http://127.0.0.1:{port}"
            yield Running(url, process) if answers(process, url, name, said.fileno()) else None
        finally:
            stop(process)


def answers(process: "subprocess.Popen[bytes]", url: str, name: str, said: int) -> bool:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            output = os.pread(said, 100_000, 0).decode(errors="replace")
            if "Another program listens" in output:
                return False
            raise NotServing(output)
        if is_ready(url, name):
            return True
        time.sleep(0.05)
    raise NotServing(os.pread(said, 100_000, 0).decode(errors="replace") or "it said nothing")


def is_ready(url: str, name: str) -> bool:
    try:
        healthy = httpx.get(f"{url}/health/").status_code == 200
        return healthy and httpx.get(f"{url}/").json()["name"] == name
    except (httpx.HTTPError, ValueError, KeyError):
        return False


def stop(process: "subprocess.Popen[bytes]") -> None:
    """Asks first, so that coverage is written; in the end nothing of the group is left."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
    with suppress(subprocess.TimeoutExpired):
        process.wait(30)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(30)

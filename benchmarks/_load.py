"""Asks a server again and again over connections kept open, so cheaply that the server is what is measured.

No HTTP client: it writes requests made beforehand and looks only for the status and the end of each answer, which must
name its length. A request costs it some 20 microseconds, on another core than the server's (benchmarks/_serving.py).
"""

import asyncio
import re
import statistics
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import repeat
from typing import cast
from urllib.parse import urlsplit

import uvloop

from benchmarks._serving import OTHER_CORES, on_cores

LONGEST = 60
"""Seconds that a busy machine has for its first answers."""
END = b"\r\n\r\n"
LENGTH = re.compile(rb"\r\ncontent-length: *([0-9]+)\r\n", re.IGNORECASE)


@dataclass(frozen=True)
class Users:
    """Each asks, waits for the answer, pauses so many seconds, and asks again."""

    url: str
    requests: Iterator[bytes]
    number: int
    pause: float = 0.0


@dataclass
class Answered:
    """What some users were answered: how long each answer took, in seconds, in the order in which they came."""

    seconds: float = 0.0
    waits: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.waits) / self.seconds

    @property
    def p99(self) -> float:
        """Seconds; one answer in a hundred took longer."""
        return statistics.quantiles(self.waits, n=100)[98]


def getting(url: str, headers: Mapping[str, str], number: int, pause: float = 0.0) -> Users:
    return Users(url, repeat(request("GET", url, headers)), number, pause)


def request(method: str, url: str, headers: Mapping[str, str], body: bytes = b"") -> bytes:
    parts = urlsplit(url)
    target = f"{parts.path}?{parts.query}" if parts.query else parts.path
    sent = {"Host": parts.netloc, **headers} | ({"Content-Length": str(len(body))} if body else {})
    lines = [f"{method} {target} HTTP/1.1", *(f"{name}: {value}" for name, value in sent.items())]
    return "\r\n".join(lines).encode() + END + body


def in_turn(sides: Mapping[str, Users], seconds: float, rounds: int) -> dict[str, list[float]]:
    """Answers a second of each side in each round; what a side needs to get going is not counted."""
    for users in sides.values():
        load(seconds / 2, users)
    found: dict[str, list[float]] = {name: [] for name in sides}
    for _ in range(rounds):
        for name, users in sides.items():
            found[name].append(load(seconds, users)[0].rate)
    return found


def load(seconds: float, *users: Users, chosen: set[int] = OTHER_CORES) -> list[Answered]:
    """What each kind of users was answered, all at once. RuntimeError when one fails, and when none comes."""
    with on_cores(chosen):
        return uvloop.run(_load(seconds, users))


async def _load(seconds: float, users: Sequence[Users]) -> list[Answered]:
    loop = asyncio.get_running_loop()
    over: asyncio.Future[None] = loop.create_future()
    found = [(kind, Answered()) for kind in users]
    asking = [_User(kind, answered, over) for kind, answered in found for _ in range(kind.number)]
    for user in asking:
        parts = urlsplit(user.kind.url)
        await loop.create_connection(partial(_itself, user), parts.hostname or "", parts.port or 0)
    started = time.perf_counter()
    for user in asking:
        user.ask()
    try:
        while (lasted := time.perf_counter() - started) < seconds or not all(kind.waits[1:] for _, kind in found):
            if lasted > LONGEST:
                raise RuntimeError(f"no answers in {LONGEST} seconds")
            await asyncio.wait([over], timeout=max(seconds - lasted, 0.05))
            if over.done():
                over.result()
    finally:
        over.cancel()
        for user in asking:
            user.transport.abort()
    for _, answered in found:
        answered.seconds = lasted
    return [answered for _, answered in found]


def _itself(user: "_User") -> "_User":
    return user


class _User(asyncio.Protocol):
    def __init__(self, kind: Users, answered: Answered, over: "asyncio.Future[None]") -> None:
        self.kind, self.answered, self.over = kind, answered, over
        self.received, self.whole, self.asked = b"", 0, 0.0
        self.loop = asyncio.get_running_loop()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)

    def ask(self) -> None:
        if not self.over.done():
            self.asked = time.perf_counter()
            self.transport.write(next(self.kind.requests))

    def data_received(self, data: bytes) -> None:
        self.received += data
        if not self.whole and END in self.received:
            self.whole = whole(self.received)
        if not self.whole or len(self.received) < self.whole:
            return
        self.answered.waits.append(time.perf_counter() - self.asked)
        if not self.received.startswith(b"HTTP/1.1 20"):
            self.stop(self.received[:500].decode(errors="replace"))
        self.received, self.whole = b"", 0
        if self.kind.pause:
            self.loop.call_later(self.kind.pause, self.ask)
        else:
            self.ask()

    def connection_lost(self, exc: Exception | None) -> None:
        self.stop(f"the server closed the connection: {exc}")

    def stop(self, why: str) -> None:
        if not self.over.done():
            self.over.set_exception(RuntimeError(why))


def whole(received: bytes) -> int:
    """Bytes of an answer whose head is here."""
    head = received.index(END) + len(END)
    length = LENGTH.search(received, 0, head)
    if length is None:
        raise RuntimeError(f"the answer does not say how long it is: {received[:500]!r}")
    return head + int(length[1])

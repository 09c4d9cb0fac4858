"""Lets nobody take more than their part: so many reads and writes a minute for each session, token or address.

It comes after the session check, whose answer says who is calling. Guessing has limits of its own, that are stricter
and shared by all processes (authentication/throttles.py).
"""

import logging
import time
from collections.abc import Callable
from math import ceil

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage, Storage
from limits.aio.strategies import FixedWindowRateLimiter
from limits.errors import StorageError
from limits.storage import storage_from_string
from starlette.types import ASGIApp, Receive, Scope, Send

from errors import TooMany

log = logging.getLogger("turva")

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
SWEEP_SECONDS = 60
PATIENCE_SECONDS = 0.5
"""How long an answer may wait for Redis, which counts and decides nothing else."""
TOLD = "You have sent too many requests in a minute. Nothing was stored. Wait a moment, then try again."


class Memory(MemoryStorage):
    """Counts in this process; limits itself looks at every key at every hit (0.7 ms for 1,000), this once a minute."""

    STORAGE_SCHEME: list[str] = []  # noqa: RUF012 - as limits declares it

    def __init__(self) -> None:
        super().__init__()
        self.sweep_at = 0.0

    async def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        now = time.time()
        if now >= self.sweep_at:
            self.sweep(now)
        if self.expirations.get(key, 0.0) <= now:
            self.storage[key], self.expirations[key] = 0, now + expiry
        self.storage[key] += amount
        return self.storage[key]

    def sweep(self, now: float) -> None:
        self.sweep_at = now + SWEEP_SECONDS
        for key in [key for key, end in self.expirations.items() if end <= now]:
            del self.storage[key], self.expirations[key]


def storage_at(url: str) -> Storage:
    """Where requests are counted: `memory`, each process for itself, or a Redis that all share."""
    if url == "memory":
        return Memory()
    waits = {"socket_timeout": PATIENCE_SECONDS, "socket_connect_timeout": PATIENCE_SECONDS}
    found = storage_from_string(f"async+{url}", wrap_exceptions=True, implementation="redispy", **waits)
    assert isinstance(found, Storage)  # noqa: S101 - for the type: the scheme says so
    return found


class RateLimit:
    """`whose` names who is calling; paths that begin with one of `free` are not counted."""

    def __init__(  # noqa: PLR0913 - one keyword for each setting
        self,
        app: ASGIApp,
        *,
        storage: Storage,
        reads: int,
        writes: int,
        whose: Callable[[Scope], str],
        free: tuple[str, ...],
    ) -> None:
        self.app = app
        self.limiter = FixedWindowRateLimiter(storage)
        self.reads = RateLimitItemPerMinute(reads, namespace="turva reads")
        self.writes = RateLimitItemPerMinute(writes, namespace="turva writes")
        self.whose = whose
        self.free = free

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not scope["path"].startswith(self.free):
            await self.count(self.reads if scope["method"] in SAFE_METHODS else self.writes, self.whose(scope))
        await self.app(scope, receive, send)

    async def count(self, item: RateLimitItem, caller: str) -> None:
        """TooMany for who has used up this minute. What cannot be counted is let through: this guards no secret."""
        try:
            if await self.limiter.hit(item, caller):
                return
            reset = (await self.limiter.get_window_stats(item, caller)).reset_time
        except StorageError as error:
            log.warning("Requests are not counted, their storage does not answer: %s", type(error.__cause__).__name__)
            return
        raise TooMany(TOLD, retry_after=max(1, ceil(reset - time.time())))

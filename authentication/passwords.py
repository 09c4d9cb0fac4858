"""Passwords are kept as Argon2id hashes, made off the event loop and only a few at a time (OWASP ASVS 5.0, 11.4.2)."""

import asyncio
import os
import secrets
import sys
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from authentication.password_rules import refuse_weak
from config import Settings
from errors import Unavailable

Result = TypeVar("Result")
PRIORITY = 10
"""The "nice" value of threads that hash: a tenth of the share that others get of a core that both want."""


def give_way() -> None:
    """Let this thread, and those that Argon2id starts from it, wait for every other that has something to do.

    While all cores hash, who is signed in already would otherwise wait for each turn on a core. Only Linux has
    priorities of single threads.
    """
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), PRIORITY)


class Passwords:
    """Hashes by the parameters of the settings; old hashes stay valid and are renewed at the next sign-in."""

    def __init__(self, settings: Settings) -> None:
        self._hasher = PasswordHasher(
            time_cost=settings.ARGON2_TIME_COST,
            memory_cost=settings.ARGON2_MEMORY_KIB,
            parallelism=settings.ARGON2_PARALLELISM,
        )
        # The pool is the bound: memory is concurrency x ARGON2_MEMORY_KIB, and the event loop stays free.
        self._pool = ThreadPoolExecutor(settings.ARGON2_CONCURRENCY, "argon2", initializer=give_way)
        self._room = settings.ARGON2_CONCURRENCY + settings.ARGON2_QUEUE
        self._nobody = self._hasher.hash(secrets.token_hex())
        self._service_name = settings.SERVICE_NAME

    async def of_choice(self, password: str, known: Iterable[str], field: str = "password") -> str:
        """The hash of a password that somebody chose; Invalid, with the reason, when it may not be chosen."""
        await self._run(refuse_weak, password, (*known, self._service_name), field)
        return await self.hash(password)

    async def hash(self, password: str) -> str:
        return await self._run(self._hasher.hash, password)

    async def verify(self, stored: str | None, password: str) -> bool:
        """Whether the password is right; without a stored hash the same work is done and the answer is no.

        An account that was made for somebody has an empty one until they choose a password.
        """
        right = await self._run(self._matches, stored or self._nobody, password)
        return right and bool(stored)

    def outdated(self, stored: str) -> bool:
        """Whether the hash was made with other parameters than today's."""
        return self._hasher.check_needs_rehash(stored)

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _matches(self, stored: str, password: str) -> bool:
        whole = password.encode(errors="surrogatepass")  # JSON can carry half a character: never right, and no error
        try:
            return self._hasher.verify(stored, whole)
        except (VerificationError, InvalidHashError):
            return False

    async def _run(self, work: Callable[..., Result], *arguments: object) -> Result:
        """Unavailable when too many wait already: who waits longest would have given up before it is their turn."""
        if self._room == 0:
            raise Unavailable
        self._room -= 1
        done = asyncio.get_running_loop().run_in_executor(self._pool, work, *arguments)
        done.add_done_callback(self._make_room)
        return await done

    def _make_room(self, _: object) -> None:
        self._room += 1

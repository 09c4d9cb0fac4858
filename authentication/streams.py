"""The open streams of this process: what tells a live page to fetch again, and ends with the session that opened it.

A notice of any process (models/users/notices.py) makes this one look at the sessions of the users that it names; a
sweep looks at all of them every few seconds, for what no notice tells: limits of time, rows changed by hand, a notice
lost.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from uuid import UUID

import sqlalchemy as sa

from authentication.sessions import ALIVE, FROM, SESSIONS, LiveSession, SessionPolicy, clock
from errors import Unavailable
from models.storage import many
from models.storage.database import database
from models.users import notices

log = logging.getLogger(__name__)

OWN = "sessions-changed"
EVERYONES = "everyones-sessions-changed"
ENDED = "session-ended"
SUPERSEDED = "superseded"

MOST_OF_A_SESSION = 4
"""A browser opens six connections to a host over HTTP/1.1, and pages need some of them; the oldest stream gives way."""
SWEEP_SECONDS = 5.0
KEEP_ALIVE_SECONDS = 15.0
"""Proxies end what is silent for a minute, some for half of one."""
PACE_SECONDS = 0.5
"""Between two pieces of news to one stream: however many sessions begin, a page fetches twice a second at most."""
AGAIN_SECONDS = 0.5
"""After a check that the database did not answer."""
BATCH = 500


@dataclass(eq=False)
class Stream:
    """One open stream. News are names and stand once each, so that a client that reads slowly piles nothing up."""

    session_id: UUID
    user_id: UUID
    sees_everyone: bool
    news: set[str] = field(default_factory=set)
    last: str = ""
    over: asyncio.Event = field(default_factory=asyncio.Event)
    stirred: asyncio.Event = field(default_factory=asyncio.Event)

    def tell(self, name: str) -> None:
        self.news.add(name)
        self.stirred.set()

    def end(self, last: str = "") -> None:
        """Close at once; `last` is an event that says why, none when the client should come back."""
        if not self.over.is_set():
            self.last = last
            self.over.set()
            self.stirred.set()

    async def events(self) -> AsyncIterator[str]:
        """Names of events until it is over; an empty one is a sign of life."""
        while not self.over.is_set():
            names = sorted(self.news) or [""]
            self.news.clear()
            self.stirred.clear()
            for name in names:
                yield name
            await waited(self.over, PACE_SECONDS)
            await waited(self.stirred, KEEP_ALIVE_SECONDS)
        if self.last:
            yield self.last


async def waited(event: asyncio.Event, seconds: float) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()


class Streams:
    def __init__(self, policy: SessionPolicy) -> None:
        self.policy = policy
        self._open: dict[UUID, list[Stream]] = {}
        self._heard: set[UUID | None] = set()
        self._stirred, self._used = asyncio.Event(), asyncio.Event()
        self._stopped = False

    def __iter__(self) -> Iterator[Stream]:
        return iter([stream for some in self._open.values() for stream in some])

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Looks after the streams while the application runs; a process without any listens to nothing."""
        work = (self._listen, self._answer, self._sweep)
        tasks = [asyncio.create_task(self._begin(one)) for one in work]
        try:
            yield
        finally:
            self.stop()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def stop(self) -> None:
        """Close all streams, as the process ends: clients come back and find another."""
        self._stopped = True
        for stream in self:
            stream.end()

    @asynccontextmanager
    async def opened(self, session: LiveSession) -> AsyncIterator[Stream]:
        """A stream for this session, whose first news are that the page may be old. Unavailable without a database.

        It is known first and checked then, so that no revocation falls between the two.
        """
        sees_everyone = "administrator" in session.auth
        stream = Stream(session.id, session.user.id, sees_everyone, {OWN, EVERYONES} if sees_everyone else {OWN})
        mine = self._open.setdefault(session.id, [])
        mine.append(stream)
        for old in mine[:-MOST_OF_A_SESSION]:
            old.end(SUPERSEDED)
        self._used.set()
        try:
            await self.check([stream])
            if self._stopped:
                stream.end()
            yield stream
        finally:
            mine.remove(stream)
            if not mine:
                self._open.pop(session.id, None)

    def hear(self, users: notices.Users) -> None:
        """Take a notice; several are answered together."""
        self._heard |= {None} if users is None else users
        self._stirred.set()

    async def check(self, streams: Collection[Stream]) -> set[UUID]:
        """Close the streams whose session is no longer alive; whose those were. Unavailable without a database."""
        alive: set[UUID] = set()
        for some in many.batches(list({stream.session_id for stream in streams}), BATCH):
            query = sa.select(SESSIONS.c.id).select_from(FROM).where(SESSIONS.c.id.in_(some), ALIVE)
            async with database.connection() as connection:
                alive |= set((await connection.execute(query, clock(self.policy))).scalars())
        dead = [stream for stream in streams if stream.session_id not in alive]
        for stream in dead:
            stream.end(ENDED)
        return {stream.user_id for stream in dead}

    async def _begin(self, work: Callable[[], Awaitable[None]]) -> None:
        await self._used.wait()
        while True:
            try:
                await work()
            except Unavailable:
                log.warning("The sessions of open streams cannot be checked now, trying again")
            except Exception:
                log.exception("open streams: %s failed, trying again", work.__name__)
            await asyncio.sleep(AGAIN_SECONDS)

    async def _listen(self) -> None:
        await notices.listen(self.hear)

    async def _sweep(self) -> None:
        """What no notice tells."""
        while True:
            await asyncio.sleep(SWEEP_SECONDS)
            self.hear(frozenset(await self.check(list(self))))

    async def _answer(self) -> None:
        """Look at the sessions of those who were named, then tell who may see them that there is news."""
        while True:
            if not self._heard:
                self._stirred.clear()
                await self._stirred.wait()
            whose, self._heard = frozenset(self._heard), set()
            try:
                await self.check([stream for stream in self if None in whose or stream.user_id in whose])
            except BaseException:
                self._heard |= whose
                raise
            self._tell(whose)

    def _tell(self, whose: Collection[UUID | None]) -> None:
        for stream in self if whose else ():
            if None in whose or stream.user_id in whose:
                stream.tell(OWN)
            if stream.sees_everyone:
                stream.tell(EVERYONES)

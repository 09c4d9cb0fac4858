"""Slows down guessing: by account and by address, counted in the database so that all nodes count together.

A try is counted before the secret is compared, so that fifty at once are fifty tries, and taken back when it was
right. While a subject is blocked nothing is compared, nothing is counted, and nobody learns whether the account exists
(OWASP ASVS 5.0, 2.4.1, 6.1.1 and 6.3.1). Why these figures: docs/decisions/0009.
"""

import ipaddress
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from math import ceil
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.types import Scope

from authentication.sessions import SESSIONS
from authentication.tokens import Tokens
from errors import TooMany, Unavailable
from models.audit import audit
from models.audit.audit import Actor, Change
from models.enumerations import SessionKind
from models.storage.columns import utc_now
from models.storage.database import database
from models.storage.dates import upsert
from models.users.throttles import Throttle

THROTTLES = Throttle.ormar_config.table
KNOWN_FOR = timedelta(days=90)
"""How long the address of a sign-in that succeeded is known."""


class Guess(StrEnum):
    """What may be guessed, or asked for too often."""

    SIGN_IN = "sign_in"
    CONFIRM = "confirm"
    CODE = "code"
    MAIL = "mail"
    MEMBER = "member"


class By(StrEnum):
    """Whose tries are counted together."""

    PAIR = "account_and_address"
    ACCOUNT = "account"
    ADDRESS = "address"


@dataclass(frozen=True, slots=True)
class Pace:
    """So many tries are free; the next makes a wait of 2 s, and each one more doubles it up to the longest."""

    free: int
    longest: timedelta
    forgotten: timedelta
    """The time in which one try is forgotten."""

    def wait(self, failures: int) -> timedelta:
        """How long nobody may try after so many failures."""
        over = failures - self.free
        return min(timedelta(seconds=2 ** min(over, 30)), self.longest) if over > 0 else timedelta()


MINUTE, QUARTER, HOUR = timedelta(minutes=1), timedelta(minutes=15), timedelta(hours=1)
STRICT, MILD = Pace(5, QUARTER, QUARTER), Pace(20, MINUTE, MINUTE)
PACES: Mapping[Guess, Mapping[By, Pace]] = {
    Guess.SIGN_IN: {By.PAIR: STRICT, By.ACCOUNT: MILD, By.ADDRESS: Pace(100, MINUTE, timedelta(seconds=10))},
    Guess.CONFIRM: {By.PAIR: STRICT, By.ACCOUNT: MILD},
    # Who guesses codes has the password already.
    Guess.CODE: {By.PAIR: STRICT, By.ACCOUNT: Pace(20, QUARTER, QUARTER)},
    Guess.MAIL: {By.ACCOUNT: Pace(3, QUARTER, HOUR), By.ADDRESS: Pace(30, QUARTER, MINUTE)},
    # By who asks: an owner may know whether a colleague has an account, and not whose of a long list do.
    Guess.MEMBER: {By.ACCOUNT: Pace(20, QUARTER, MINUTE)},
}


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose tries of what one row counts."""

    guess: Guess
    by: By
    key: str

    @property
    def pace(self) -> Pace:
        return PACES[self.guess][self.by]


@dataclass(frozen=True, slots=True)
class State:
    """One row as it stands."""

    failures: int
    last_failure: datetime
    blocked_until: datetime | None

    def blocks(self, now: datetime) -> bool:
        return self.blocked_until is not None and self.blocked_until > now


def counted(pace: Pace, state: State, now: datetime) -> State:
    """The state after one more try."""
    forgotten = max(now - state.last_failure, timedelta()) // pace.forgotten
    failures = max(state.failures - forgotten, 0) + 1
    wait = pace.wait(failures)
    return State(failures, now, now + wait if wait else None)


@dataclass(frozen=True, slots=True)
class Guesser:
    """Who may be guessing: the address a request comes from, and the session it has, if any."""

    tokens: Tokens
    enabled: bool
    address: str
    actor: Actor

    @asynccontextmanager
    async def trying(self, guess: Guess, account: str, user_id: UUID | None = None) -> AsyncIterator[None]:
        """Around the comparison of a secret, outside of any transaction: what is raised inside leaves the try counted.

        `account` is what was typed, or stands for it; `user_id` is who has it, if anyone. TooMany, before anything is
        compared, while they must wait. Unavailable inside says nothing about the secret, and the try is taken back.
        """
        if not self.enabled:
            yield
            return
        subjects = self._subjects(guess, account)
        await self._take(subjects, user_id)
        try:
            yield
        except Unavailable:
            await _give_back(subjects)
            raise
        await _give_back([found for found in subjects if found.by is not By.PAIR])
        await _forget([found for found in subjects if found.by is By.PAIR])

    async def count(self, guess: Guess, account: str) -> None:
        """Count what may not be asked for too often, right or wrong. TooMany while they must wait."""
        if self.enabled:
            await self._take(self._subjects(guess, account), None)

    def _subjects(self, guess: Guess, account: str) -> list[Subject]:
        """In the order of their keys, in which every transaction locks them."""
        network = network_of(self.address)
        texts = {By.PAIR: f"{account}\0{network}", By.ACCOUNT: account, By.ADDRESS: network}
        keys = [(by, f"{guess}:{by}:{self.tokens.pseudonym(texts[by])}") for by in PACES[guess]]
        return sorted((Subject(guess, by, key) for by, key in keys), key=lambda subject: subject.key)

    async def _take(self, subjects: Sequence[Subject], user_id: UUID | None) -> None:
        now, keys = utc_now(), [subject.key for subject in subjects]
        async with database.connection() as connection:  # who is blocked takes no lock, so that a flood takes none
            found = await connection.execute(sa.select(THROTTLES).where(THROTTLES.c.subject.in_(keys)))
            await self._refuse(subjects, states_of(found.mappings()), user_id, now)
        if database.get_transaction_connection() is not None:
            raise RuntimeError("a try is counted in a transaction of its own, or a refusal would take it back")
        async with database.transaction() as connection:
            states = await _locked(connection, keys, now)
            await self._refuse(subjects, states, user_id, now)
            after = {subject.key: counted(subject.pace, states[subject.key], now) for subject in subjects}
            await _store(connection, after)
            if blocks := [self._told(one, after[one.key], user_id) for one in subjects if after[one.key].blocks(now)]:
                await audit.append(self.actor, *blocks, fenced=False)

    async def _refuse(
        self, subjects: Sequence[Subject], states: Mapping[str, State], user_id: UUID | None, now: datetime
    ) -> None:
        blocking = {one.by: states[one.key] for one in subjects if one.key in states and states[one.key].blocks(now)}
        if blocking and (By.PAIR in blocking or not await self._is_known(user_id)):
            until = max(state.blocked_until or now for state in blocking.values())
            seconds = max(1, ceil((until - now).total_seconds()))
            raise TooMany(f"Wait {in_words(seconds)}, then try again.", retry_after=seconds)

    async def _is_known(self, user_id: UUID | None) -> bool:
        """Whether this person has signed in from here: others' tries elsewhere must not keep them out.

        It is asked for nobody's account too, so that the work is the same.
        """
        mine = [SESSIONS.c.user_id == user_id, SESSIONS.c.created_date > utc_now() - KNOWN_FOR]
        query = sa.select(SESSIONS.c.address).where(*mine, SESSIONS.c.kind == SessionKind.BROWSER).distinct()
        async with database.connection() as connection:
            addresses = (await connection.execute(query)).scalars().all()
        return network_of(self.address) in {network_of(address) for address in addresses}

    def _told(self, subject: Subject, state: State, user_id: UUID | None) -> Change:
        """Never what was typed: people type their password into the wrong box."""
        seconds = subject.pace.wait(state.failures).total_seconds()
        told = {"guess": subject.guess, "by": subject.by, "failures": state.failures, "seconds": seconds}
        return Change("throttle:block", "user", user_id, after={**told, "address": self.address})


def in_words(seconds: int) -> str:
    """A wait as people say it, never too short: 1 second, 59 seconds, 2 minutes."""
    wait = timedelta(seconds=seconds)
    number, unit = (seconds, "second") if wait < MINUTE else (ceil(wait / MINUTE), "minute")
    return f"{number} {unit}{'' if number == 1 else 's'}"


def network_of(address: str) -> str:
    """Whose tries count together: an address, of version 6 the /64 that one customer is given (RFC 6177)."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    return str(found.ipv4_mapped or ipaddress.ip_network((int(found), 64), strict=False))


def caller(scope: Scope) -> str:
    """Who is calling, as general limits count them: a session or token, else an address."""
    if session := scope["session"]:
        return str(session.id)
    return network_of(scope["client"][0] if scope["client"] else "")


def states_of(rows: Iterable[sa.RowMapping]) -> dict[str, State]:
    return {row["subject"]: State(*(row[name] for name in State.__slots__)) for row in rows}


async def _locked(connection: AsyncConnection, keys: Sequence[str], now: datetime) -> dict[str, State]:
    """The rows, made where there are none, and locked by one statement, so that no count is lost."""
    fresh = [{"subject": key, "failures": 0, "last_failure": now} for key in keys]
    lock = upsert(connection.dialect.name, THROTTLES, fresh, key=["subject"], change=["subject"])
    found = await connection.execute(lock.returning(*THROTTLES.c))
    return states_of(found.mappings())


async def _store(connection: AsyncConnection, states: Mapping[str, State]) -> None:
    for key, state in states.items():
        values = {name: getattr(state, name) for name in State.__slots__}
        await connection.execute(sa.update(THROTTLES).where(THROTTLES.c.subject == key).values(values))


async def _give_back(subjects: Sequence[Subject]) -> None:
    """One by one: a statement for several rows would lock them in an order of its own."""
    fewer = sa.case((THROTTLES.c.failures > 0, THROTTLES.c.failures - 1), else_=0)
    for subject in subjects:
        await _change(subject, failures=fewer, blocked_until=None)


async def _forget(subjects: Sequence[Subject]) -> None:
    for subject in subjects:
        await _change(subject, failures=0, blocked_until=None)


async def _change(subject: Subject, **values: object) -> None:
    async with database.connection() as connection:
        await connection.execute(sa.update(THROTTLES).where(THROTTLES.c.subject == subject.key).values(**values))

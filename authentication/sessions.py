"""Sessions live in the database, are looked up on every request, and are dead from the moment they are revoked.

Idle and absolute limits, and the account's `auth_epoch`, are part of the one query; nothing is cached, because a cache
is a place where a revoked session would live on.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache, cached_property
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa

from authentication.tokens import Tokens
from config import Settings
from errors import Unavailable
from models.enumerations import Factors, SessionKind
from models.storage.columns import utc_now
from models.storage.database import database
from models.storage.lookups import Lookup
from models.users.sessions import Session, SessionActivity
from models.users.users import User

SESSIONS = Session.ormar_config.table
ACTIVITY = SessionActivity.ormar_config.table
USERS = User.ormar_config.table
Condition = sa.ColumnElement[bool]
RECENT = timedelta(minutes=5)
"""How long ago a person may have proved who they are for a sensitive act (OWASP ASVS 5.0, 7.5.1)."""


@dataclass(frozen=True)
class SessionPolicy:
    """What the settings say about sessions."""

    tokens: Tokens
    idle: timedelta
    absolute: timedelta
    most: int
    """Sessions that one person may have at once, those of programs aside (OWASP ASVS 5.0, 7.1.2)."""

    @cached_property
    def activity_step(self) -> timedelta:
        """How seldom activity is written: a write a request would make every read a write.

        It ends an idle session up to a step early, never late; a short idle limit therefore needs a shorter step.
        """
        return min(timedelta(minutes=1), self.idle / 4)


class SignedInUser(NamedTuple):
    """The account behind a session, as it is in the database at this request."""

    id: UUID
    first_name: str
    last_name: str
    email_address: str
    is_verified: bool
    is_cso: bool
    is_administrator: bool
    needs_second_factor: bool

    @property
    def member_id(self) -> UUID | None:
        """By which memberships are found: an address that nobody verified may belong to someone else."""
        return self.id if self.is_verified else None


class LiveSession(NamedTuple):
    id: UUID
    kind: SessionKind
    factors: Factors
    authenticated_at: datetime
    scopes: str
    last_seen: datetime
    user: SignedInUser

    @property
    def lacks_factor(self) -> bool:
        """Whether the person's role requires a second factor and this session began without one."""
        return self.user.needs_second_factor and self.factors is Factors.PASSWORD

    @property
    def auth(self) -> frozenset[str]:
        """What the session stands for, by the names that `@requires` uses."""
        user, whole = self.user, not self.lacks_factor
        held = {
            "signed in": True,
            "whole": whole,
            "verified": user.is_verified and whole,
            "administrator": user.is_administrator and whole,
            # A clock that was set back must not stretch it, hence the distance in both directions.
            "recent": self.kind is SessionKind.BROWSER and abs(utc_now() - self.authenticated_at) < RECENT,
        }
        return frozenset(name for name, holds in held.items() if holds)


def policy_of(settings: Settings) -> SessionPolicy:
    return SessionPolicy(
        Tokens(settings.SECRET_KEY),
        timedelta(minutes=settings.SESSION_IDLE_MINUTES),
        timedelta(hours=settings.SESSION_ABSOLUTE_HOURS),
        settings.SESSIONS_PER_USER,
    )


NOW: sa.BindParameter[datetime] = sa.bindparam("now")
IDLE_SINCE: sa.BindParameter[datetime] = sa.bindparam("idle_since")
ALIVE: Condition = sa.and_(
    SESSIONS.c.revoked_at.is_(None),
    SESSIONS.c.absolute_expiry > NOW,
    # A program's token rests between its runs; it has its expiry alone.
    sa.or_(ACTIVITY.c.last_seen > IDLE_SINCE, SESSIONS.c.kind == SessionKind.TOKEN),
    USERS.c.is_active,
    SESSIONS.c.auth_epoch == USERS.c.auth_epoch,
)
"""The one definition of a live session, over FROM; `clock` gives it the time."""
FROM = SESSIONS.join(USERS, USERS.c.id == SESSIONS.c.user_id).join(ACTIVITY, ACTIVITY.c.session_id == SESSIONS.c.id)
IDENTITY = [USERS.c[name] for name in SignedInUser._fields]
OF_SESSION = [SESSIONS.c[name] for name in ("kind", "factors", "authenticated_at", "scopes")]


def clock(policy: SessionPolicy) -> dict[str, datetime]:
    now = utc_now()
    return {NOW.key: now, IDLE_SINCE.key: now - policy.idle}


@cache
def lookup(hashes: int) -> Lookup:
    """The query for the session that one of so many hashes names, made once: making it took as long as asking it."""
    named = sa.or_(*(SESSIONS.c.token_hash == sa.bindparam(f"hash_{place}") for place in range(hashes)))
    columns = (*IDENTITY, SESSIONS.c.id.label("session_id"), *OF_SESSION, ACTIVITY.c.last_seen)
    return Lookup(sa.select(*columns).select_from(FROM).where(named, ALIVE))


async def resolve(policy: SessionPolicy, token: bytes, kind: SessionKind) -> LiveSession | None:
    """The live session of a secret, with its user, by one indexed query. Unavailable when there is no answer.

    A secret counts only where it belongs: a browser's in a cookie, a program's in `Authorization`.
    """
    hashes = policy.tokens.hashes(token)
    values = clock(policy) | {f"hash_{place}": value for place, value in enumerate(hashes)}
    row = await database.find(lookup(len(hashes)), **values)
    if row is None:
        return None
    found = LiveSession._make((*row[len(IDENTITY) :], SignedInUser._make(row[: len(IDENTITY)])))
    return found if found.kind is kind else None


async def owner(policy: SessionPolicy, cookie: str | None) -> UUID | None:
    """Whose session a cookie stood for, also when it has ended: to name them, never to let them in."""
    token = policy.tokens.read(cookie) if cookie else None
    if token is None:
        return None
    named = SESSIONS.c.token_hash.in_(policy.tokens.hashes(token))
    query = sa.select(SESSIONS.c.user_id).where(named, SESSIONS.c.kind == SessionKind.BROWSER)
    async with database.connection() as connection:
        found: UUID | None = (await connection.execute(query)).scalar_one_or_none()
    return found


async def touch(policy: SessionPolicy, session: LiveSession) -> None:
    """Note that the session was used; kept apart from the session row, which writers lock."""
    now = utc_now()
    if now - session.last_seen < policy.activity_step:
        return
    note = sa.update(ACTIVITY).where(ACTIVITY.c.session_id == session.id, ACTIVITY.c.last_seen < now)
    try:
        async with database.connection() as connection:
            await connection.execute(note.values(last_seen=now))
    except Unavailable:
        return  # the request itself may still be answered; the next one notes it


async def page_of_live(
    policy: SessionPolicy, which: Sequence[Condition], page: int, limit: int
) -> tuple[list[dict[str, Any]], int]:
    """Live sessions, the last used first, and how many there are in all."""
    condition, now = sa.and_(ALIVE, *which), clock(policy)
    columns = [
        SESSIONS.c[name]
        for name in ("id", "kind", "label", "scopes", "device", "address", "created_date", "absolute_expiry")
    ]
    owner = [USERS.c.email_address, USERS.c.first_name, USERS.c.last_name]
    query = (
        sa.select(*columns, *owner, ACTIVITY.c.last_seen)
        .select_from(FROM)
        .where(condition)
        .order_by(ACTIVITY.c.last_seen.desc(), SESSIONS.c.id)
    )
    count = sa.select(sa.func.count()).select_from(FROM).where(condition)
    async with database.connection() as connection:
        total = (await connection.execute(count, now)).scalar_one()
        rows = (await connection.execute(query.limit(limit).offset((page - 1) * limit), now)).mappings().all()
    return [dict(row) for row in rows], total


def of_email_address(address: str) -> Condition:
    """Sessions of the account with this address, in lower case."""
    return SESSIONS.c.user_id.in_(sa.select(USERS.c.id).where(USERS.c.email_address == address))

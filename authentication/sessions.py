"""Sessions live in the database, are looked up on every request, and are dead from the moment they are revoked.

Idle and absolute limits, and the account's `auth_epoch`, are part of the one query; nothing is cached, because a cache
is a place where a revoked session would live on.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from authentication.tokens import Tokens
from config import Settings
from errors import NotSignedIn, Unavailable
from models import audit
from models.audit import Actor, Change
from models.columns import new_id, utc_now
from models.database import database
from models.enumerations import SessionKind
from models.sessions import Session, SessionActivity
from models.users import User

SESSIONS = Session.ormar_config.table
ACTIVITY = SessionActivity.ormar_config.table
USERS = User.ormar_config.table
Condition = sa.ColumnElement[bool]


@dataclass(frozen=True)
class SessionPolicy:
    """What the settings say about sessions."""

    tokens: Tokens
    idle: timedelta
    absolute: timedelta

    @property
    def activity_step(self) -> timedelta:
        """How seldom activity is written: a write a request would make every read a write.

        It ends an idle session up to a step early, never late; a short idle limit therefore needs a shorter step.
        """
        return min(timedelta(minutes=1), self.idle / 4)


@dataclass(frozen=True, slots=True)
class Client:
    """What a request says about where it comes from."""

    device: str
    address: str
    request_id: str | None = None


@dataclass(frozen=True, slots=True)
class SignedInUser:
    """The account behind a session, as it is in the database at this request."""

    id: UUID
    first_name: str
    last_name: str
    email_address: str
    is_verified: bool
    is_cso: bool
    is_administrator: bool

    @property
    def member_id(self) -> UUID | None:
        """By which memberships are found: an address that nobody verified may belong to someone else."""
        return self.id if self.is_verified else None


@dataclass(frozen=True, slots=True)
class LiveSession:
    id: UUID
    kind: SessionKind
    last_seen: datetime
    user: SignedInUser

    @property
    def auth(self) -> frozenset[str]:
        """What the session stands for, by the names that `@requires` uses."""
        user = self.user
        held = {"signed in": True, "verified": user.is_verified, "administrator": user.is_administrator}
        return frozenset(name for name, holds in held.items() if holds)


def policy_of(settings: Settings) -> SessionPolicy:
    return SessionPolicy(
        Tokens(settings.SECRET_KEY),
        timedelta(minutes=settings.SESSION_IDLE_MINUTES),
        timedelta(hours=settings.SESSION_ABSOLUTE_HOURS),
    )


NOW: sa.BindParameter[datetime] = sa.bindparam("now")
IDLE_SINCE: sa.BindParameter[datetime] = sa.bindparam("idle_since")
ALIVE: Condition = sa.and_(
    SESSIONS.c.revoked_at.is_(None),
    SESSIONS.c.absolute_expiry > NOW,
    ACTIVITY.c.last_seen > IDLE_SINCE,
    USERS.c.is_active,
    SESSIONS.c.auth_epoch == USERS.c.auth_epoch,
)
"""The one definition of a live session, over FROM; `clock` gives it the time."""
FROM = SESSIONS.join(USERS, USERS.c.id == SESSIONS.c.user_id).join(ACTIVITY, ACTIVITY.c.session_id == SESSIONS.c.id)
IDENTITY = [USERS.c[name] for name in SignedInUser.__slots__]


def clock(policy: SessionPolicy) -> dict[str, datetime]:
    now = utc_now()
    return {NOW.key: now, IDLE_SINCE.key: now - policy.idle}


@cache
def lookup(hashes: int) -> sa.Select[Any]:
    """The query for the session that one of so many hashes names, made once: making it took as long as asking it."""
    named = sa.or_(*(SESSIONS.c.token_hash == sa.bindparam(f"hash_{place}") for place in range(hashes)))
    columns = (*IDENTITY, SESSIONS.c.id.label("session_id"), SESSIONS.c.kind, ACTIVITY.c.last_seen)
    return sa.select(*columns).select_from(FROM).where(named, ALIVE)


async def resolve(policy: SessionPolicy, token: bytes) -> LiveSession | None:
    """The live session of a secret, with its user, by one indexed query. Unavailable when there is no answer."""
    hashes = policy.tokens.hashes(token)
    values = clock(policy) | {f"hash_{place}": value for place, value in enumerate(hashes)}
    async with database.connection() as connection:
        row = (await connection.execute(lookup(len(hashes)), values)).one_or_none()
    if row is None:
        return None
    return LiveSession(row.session_id, row.kind, row.last_seen, SignedInUser(*row[: len(IDENTITY)]))


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


async def start(policy: SessionPolicy, user_id: UUID, auth_epoch: int, client: Client) -> tuple[Actor, str]:
    """Open a session inside the caller's transaction; the actor it makes and the cookie value for the browser.

    The secret is always new: one that a browser already carried is never adopted, so a planted one opens nothing.
    """
    token = policy.tokens.new()
    session_id, now = new_id(), utc_now()
    async with database.transaction() as connection:
        await connection.execute(
            sa.insert(SESSIONS).values(
                id=session_id,
                created_date=now,
                token_hash=policy.tokens.hash(token),
                user_id=user_id,
                auth_epoch=auth_epoch,
                kind=SessionKind.BROWSER,
                device=printable(client.device)[:300],
                address=printable(client.address)[:100],
                absolute_expiry=now + policy.absolute,
            )
        )
        await connection.execute(sa.insert(ACTIVITY).values(session_id=session_id, last_seen=now))
    return Actor(user_id, session_id, client.request_id), policy.tokens.cookie(token)


def printable(text: str) -> str:
    """What a client says of itself ends on an operator's terminal, where control characters would be obeyed."""
    return "".join(character for character in text if character.isprintable())


async def revoke(actor: Actor, which: Sequence[Condition], reason: str) -> int:
    """End the sessions that `which` names, and how many those were; they are refused from the commit on.

    Rows are locked in the order of their keys, the actor's own with them, so that revocations that meet end one after
    the other instead of in each other's way. NotSignedIn when the actor's own session has just been ended.
    """
    meant = sa.and_(SESSIONS.c.revoked_at.is_(None), *which)
    values = {"revoked_at": utc_now(), "revoked_by_id": actor.user_id, "revoked_reason": reason}
    end = sa.update(SESSIONS).where(meant).values(**values).returning(SESSIONS.c.id, SESSIONS.c.user_id)
    async with database.transaction() as connection:
        await _lock(connection, actor, meant)
        ended = (await connection.execute(end)).all()
        changes = [Change("session:revoke", "session", id_, after={"user": user}, reason=reason) for id_, user in ended]
        await audit.append(actor, *changes, fenced=False)
    return len(ended)


async def _lock(connection: AsyncConnection, actor: Actor, meant: Condition) -> None:
    own = SESSIONS.c.id == actor.session_id if actor.session_id else sa.false()
    wanted = sa.select(SESSIONS.c.id, SESSIONS.c.revoked_at).where(meant | own)
    rows = (await connection.execute(wanted.order_by(SESSIONS.c.id).with_for_update())).all()
    if actor.session_id and not any(row.id == actor.session_id and row.revoked_at is None for row in rows):
        raise NotSignedIn


async def page_of_live(
    policy: SessionPolicy, which: Sequence[Condition], page: int, limit: int
) -> tuple[list[dict[str, Any]], int]:
    """Live sessions, the last used first, and how many there are in all."""
    condition, now = sa.and_(ALIVE, *which), clock(policy)
    columns = [SESSIONS.c[name] for name in ("id", "kind", "device", "address", "created_date", "absolute_expiry")]
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

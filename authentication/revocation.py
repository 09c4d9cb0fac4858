"""Ends sessions: every way to end one comes through `revoke`, so that none is forgotten in the history."""

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from authentication.sessions import SESSIONS, USERS, Condition
from errors import NotSignedIn
from models.audit import audit
from models.audit.audit import Actor, Change
from models.storage.columns import utc_now
from models.storage.database import database
from models.users import notices


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
        await notices.tell({user for _, user in ended})
        await audit.append(actor, *changes, fenced=False)
    return len(ended)


async def _lock(connection: AsyncConnection, actor: Actor, meant: Condition) -> None:
    own = SESSIONS.c.id == actor.session_id if actor.session_id else sa.false()
    wanted = sa.select(SESSIONS.c.id, SESSIONS.c.revoked_at).where(meant | own)
    rows = (await connection.execute(wanted.order_by(SESSIONS.c.id).with_for_update())).all()
    if actor.session_id and not any(row.id == actor.session_id and row.revoked_at is None for row in rows):
        raise NotSignedIn


async def end_all(actor: Actor, user_id: UUID, reason: str, *, keep: UUID | None = None) -> int:
    """End every session of a person but `keep`, programs' tokens too, and how many those were.

    For a change of what they sign in with or may do (OWASP ASVS 5.0, 7.4.2 and 7.4.3), inside its transaction. Raising
    `auth_epoch` ends also the session that another request is opening at this moment with what was true before.
    """
    async with database.transaction() as connection:
        raised = sa.update(USERS).where(USERS.c.id == user_id).values(auth_epoch=USERS.c.auth_epoch + 1)
        epoch = (await connection.execute(raised.returning(USERS.c.auth_epoch))).scalar_one()
        theirs = SESSIONS.c.user_id == user_id
        # All of them first, in the order of every revocation: the kept one alone would be out of turn.
        await _lock(connection, actor, theirs & SESSIONS.c.revoked_at.is_(None))
        if keep is not None:
            await connection.execute(sa.update(SESSIONS).where(SESSIONS.c.id == keep).values(auth_epoch=epoch))
        return await revoke(actor, [theirs, SESSIONS.c.id.is_distinct_from(keep)], reason)

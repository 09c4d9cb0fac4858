"""Makes API tokens: sessions of programs, with the same check, the same revocation and the same history."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa

from authentication import bearer
from authentication.sessions import ACTIVITY, SESSIONS, LiveSession, SessionPolicy
from errors import Conflict
from models.audit import audit
from models.audit.audit import Actor, Change
from models.enumerations import SessionKind, TokenScope
from models.storage.columns import utc_now
from models.storage.database import database
from models.users import notices


@dataclass(frozen=True, slots=True)
class Wanted:
    """`id` comes from whoever asks, so that a page that is sent twice makes one token."""

    id: UUID
    label: str
    scopes: Collection[TokenScope]
    lifetime: timedelta


async def create(
    policy: SessionPolicy, actor: Actor, session: LiveSession, wanted: Wanted, address: str
) -> tuple[str, datetime]:
    """A token of the person whose session it is, and when it expires; only here it is ever seen.

    It has proved what that session proved, and falls with the same `auth_epoch`. Conflict when its `id` is taken.
    """
    secret, now = policy.tokens.new(), utc_now()
    expiry, scopes = now + wanted.lifetime, " ".join(sorted(set(wanted.scopes)))
    row = {"id": wanted.id, "created_date": now, "authenticated_at": now, "absolute_expiry": expiry}
    row |= {"user_id": session.user.id, "kind": SessionKind.TOKEN, "factors": session.factors, "address": address}
    row |= {"label": wanted.label, "scopes": scopes, "device": "", "token_hash": policy.tokens.hash(secret)}
    epoch = sa.select(SESSIONS.c.auth_epoch).where(SESSIONS.c.id == session.id).scalar_subquery()
    told = {"user": session.user.id, "kind": SessionKind.TOKEN, "label": wanted.label, "scopes": scopes}
    try:
        async with database.transaction() as connection:
            await connection.execute(sa.insert(SESSIONS).values(**row, auth_epoch=epoch))
            await connection.execute(sa.insert(ACTIVITY).values(session_id=wanted.id, last_seen=now))
            await notices.tell([session.user.id])
            change = Change("token:create", "session", wanted.id, after={**told, "absolute_expiry": expiry})
            await audit.append(actor, change)
    except sa.exc.IntegrityError as error:
        raise Conflict("This token was made already. Nothing was changed.") from error
    return bearer.written(policy.tokens.cookie(secret)), expiry

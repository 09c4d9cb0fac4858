"""Opens sessions: always with a new secret, so that one a browser already carried is never adopted."""

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from authentication.revocation import revoke
from authentication.sessions import ACTIVITY, SESSIONS, USERS, SessionPolicy
from errors import NotSignedIn
from models.audit.audit import Actor
from models.enumerations import Factors, SessionKind
from models.storage.columns import new_id, utc_now
from models.storage.database import database
from models.users import notices


@dataclass(frozen=True, slots=True)
class Client:
    """What a request says about where it comes from."""

    device: str
    address: str
    request_id: str | None = None


async def start(
    policy: SessionPolicy, user_id: UUID, auth_epoch: int, client: Client, factors: Factors = Factors.PASSWORD
) -> tuple[Actor, str]:
    """Open a session inside the caller's transaction; the actor it makes and the cookie value for the browser.

    A person's oldest sessions end when there are more than the policy allows.
    """
    token = policy.tokens.new()
    async with database.transaction() as connection:
        # Sign-ins of one person follow each other, or two could each leave room for the other.
        await connection.execute(sa.select(USERS.c.id).where(USERS.c.id == user_id).with_for_update(key_share=True))
        session_id, now = new_id(), utc_now()
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
                factors=factors,
                authenticated_at=now,
                absolute_expiry=now + policy.absolute,
            )
        )
        await connection.execute(sa.insert(ACTIVITY).values(session_id=session_id, last_seen=now))
        await notices.tell([user_id])
        actor = Actor(user_id, session_id, client.request_id)
        await _make_room(policy, actor, user_id)
    return actor, policy.tokens.cookie(token)


async def _make_room(policy: SessionPolicy, actor: Actor, user_id: UUID) -> None:
    mine = [SESSIONS.c.user_id == user_id, SESSIONS.c.kind == SessionKind.BROWSER, SESSIONS.c.revoked_at.is_(None)]
    others = sa.select(SESSIONS.c.id).where(*mine, SESSIONS.c.id != actor.session_id)  # by whichever clock they began
    newest = others.order_by(SESSIONS.c.created_date.desc(), SESSIONS.c.id.desc())
    async with database.connection() as connection:
        surplus = (await connection.execute(newest.offset(policy.most - 1).limit(1000))).scalars().all()
    if surplus:
        await revoke(actor, [SESSIONS.c.id.in_(surplus)], "the oldest of too many sessions")


async def renew(policy: SessionPolicy, actor: Actor, factors: Factors) -> str:
    """Give the session of the actor, who proved again who they are, a new secret; the cookie value for it.

    Inside the caller's transaction (OWASP ASVS 5.0, 7.2.4). NotSignedIn when the session has just been ended.
    """
    token = policy.tokens.new()
    alive = (SESSIONS.c.id == actor.session_id) & SESSIONS.c.revoked_at.is_(None)
    values = {"token_hash": policy.tokens.hash(token), "authenticated_at": utc_now(), "factors": factors}
    async with database.connection() as connection:
        if (await connection.execute(sa.update(SESSIONS).where(alive).values(**values))).rowcount != 1:
            raise NotSignedIn
    return policy.tokens.cookie(token)


def printable(text: str) -> str:
    """What a client says of itself ends on an operator's terminal, where control characters would be obeyed."""
    return "".join(character for character in text if character.isprintable())

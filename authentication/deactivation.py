"""Closes an account: nobody signs in with it any more, its sessions end, and nothing that it did is deleted."""

from uuid import UUID

import sqlalchemy as sa

from authentication.password_changes import lock_as_checked
from authentication.revocation import end_all
from authentication.sessions import USERS
from errors import Conflict
from mail.outbox import queue
from models import accounts, audit, ownership
from models.audit import Actor, Change
from models.database import database
from models.users import User

MOST_NAMES = 5


async def leave(actor: Actor, user: User) -> None:
    """Close the account of the actor, whose password was just checked; Conflict as `close` says."""
    async with database.transaction():
        await lock(user.id)
        await lock_as_checked(user)
        await close(actor, user, "deactivated by its owner")


async def lock(user_id: UUID) -> None:
    """Lock what decides whether an account may be closed: the projects it owns, then it and all administrators.

    Each in the order of their keys, so that people who leave at once follow each other. Conflict when the person became
    an owner meanwhile.
    """
    owned = await ownership.lock_owned(user_id)
    meant = (USERS.c.id == user_id) | (USERS.c.is_administrator & USERS.c.is_active)
    async with database.connection() as connection:
        rows = sa.select(USERS.c.id).where(meant).order_by(USERS.c.id)
        await connection.execute(rows.with_for_update(key_share=True))
    if await ownership.has_more_than(user_id, owned):
        raise Conflict("This person became the owner of a project just now. Nothing was changed. Try again.")


async def close(actor: Actor, user: User, reason: str) -> None:
    """Make an account inactive, in the caller's transaction, after `lock`.

    Conflict when it is the last active administrator's, or a project would be left without an active owner.
    """
    await _keep_an_administrator(user)
    await _keep_owners(user.id)
    await accounts.change(user.id, is_active=False)
    await queue("account_deactivated", user.email_address, first_name=user.first_name)
    await end_all(actor, user.id, reason)
    change = Change("user:deactivate", "user", user.id, before={"is_active": True}, after={"is_active": False})
    await audit.append(actor, change, fenced=False)  # end_all has held the actor's session already


async def _keep_an_administrator(user: User) -> None:
    able = sa.select(USERS.c.id).where(USERS.c.is_administrator, USERS.c.is_active, USERS.c.id != user.id).limit(1)
    async with database.connection() as connection:
        if user.is_administrator and (await connection.execute(able)).one_or_none() is None:
            raise Conflict(
                "This is the only administrator. Nothing was changed. Make somebody else an administrator first, "
                "then deactivate this account."
            )


async def _keep_owners(user_id: UUID) -> None:
    if names := await ownership.left_alone(user_id):
        more = f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
        listed = ", ".join(f"'{name}'" for name in names[:MOST_NAMES])
        raise Conflict(
            f"No other active owner is left in: {listed}{more}. Nothing was changed. Make somebody else an owner of "
            "each, in its list of members, then deactivate this account."
        )

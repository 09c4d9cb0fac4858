"""Closes an account: nobody signs in with it any more, its sessions end, and nothing that it did is deleted."""

from uuid import UUID

from authentication import standing
from authentication.password_changes import lock_as_checked
from authentication.revocation import end_all
from errors import Conflict
from mail.outbox import queue
from models.audit import audit
from models.audit.audit import Actor, Change
from models.projects import ownership
from models.storage.database import database
from models.users import accounts
from models.users.users import User

MOST_NAMES = 5


async def leave(actor: Actor, user: User) -> None:
    """Close the account of the actor, whose password was just checked; all its sessions end with it.

    Conflict when it is the last active administrator's, or a project would be left without an active owner: those are
    told, and what to do. An administrator who disables somebody is not kept back by that (standing.set_active).
    """
    async with database.transaction():
        owned = await ownership.lock_owned(user.id)
        person = await standing.locked(user.id)
        await lock_as_checked(user)
        await _keep_owners(user.id, owned)
        await accounts.change(user.id, is_active=False)
        await standing.keep_an_administrator(person)
        await queue("account_deactivated", user.email_address, first_name=user.first_name)
        await end_all(actor, user.id, "deactivated by its owner")
        change = Change("user:deactivate", "user", user.id, before={"is_active": True}, after={"is_active": False})
        await audit.append(actor, change, fenced=False)  # end_all has held the actor's session already


async def _keep_owners(user_id: UUID, locked: set[UUID]) -> None:
    if await ownership.has_more_than(user_id, locked):
        raise Conflict("You became the owner of a project just now. Nothing was changed. Try again.")
    if names := await ownership.left_alone(user_id):
        more = f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
        listed = ", ".join(f"'{name}'" for name in names[:MOST_NAMES])
        raise Conflict(
            f"You are the only active owner of {listed}{more}. Nothing was changed. Make somebody else an owner, "
            "in the list of members, then deactivate your account."
        )

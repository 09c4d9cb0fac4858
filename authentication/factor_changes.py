"""Changes of what a person proves besides a password: their other sessions end, they are told, and it is recorded."""

from uuid import UUID

import sqlalchemy as sa

from authentication import passkeys, recovery_codes, revocation, totp
from authentication.passkeys import Made
from authentication.second_factor import held
from errors import Conflict, NotFound
from mail import outbox
from models.audit import audit
from models.audit.audit import Actor, Change
from models.storage.database import database
from models.users import accounts
from models.users.users import User

USERS = User.ormar_config.table


async def changed(actor: Actor, user_id: UUID, action: str, said: str, reason: str | None = None) -> None:
    """The last step of such a change, in its transaction; `said` ends the sentence "... of your account"."""
    keep = actor.session_id if actor.user_id == user_id else None
    await revocation.end_all(actor, user_id, "the second factor was changed", keep=keep)
    async with database.connection() as connection:
        to = (await connection.execute(sa.select(USERS.c.email_address).where(USERS.c.id == user_id))).scalar_one()
    await outbox.queue("second_factor_changed", to, said=said, own=keep is not None)
    await audit.append(actor, Change(action, "user", user_id, reason=reason))


async def add_app(actor: Actor, user_id: UUID, key: str, step: int) -> None:
    async with database.transaction():
        await accounts.lock(user_id)
        await totp.store(user_id, key, step)
        await changed(actor, user_id, "second_factor:add_app", "An authenticator app was set up")


async def remove_app(actor: Actor, user_id: UUID) -> None:
    """Conflict when there is none, or it is the last factor of somebody who needs one."""
    async with database.transaction():
        await accounts.lock(user_id)
        if not await totp.remove(user_id):
            raise Conflict("There is no authenticator app to remove.")
        await without_rest(user_id)
        await changed(actor, user_id, "second_factor:remove_app", "The authenticator app was removed")


async def remove_all(actor: Actor, user_id: UUID, reason: str) -> None:
    """For an administrator, when a person has lost them: all factors go, every session ends, and they are told.

    NotFound for nobody; Conflict when there are none, and for one's own.
    """
    if user_id == actor.user_id:
        raise Conflict("This is your own account. Remove your factors at /account/second_factor/.")
    async with database.transaction():
        if await accounts.lock(user_id) is None:
            raise NotFound
        if not await forget(user_id):
            raise Conflict("This person has no second factor.")
        await changed(actor, user_id, "second_factor:remove_all", "The second factor was removed", reason)


async def forget(user_id: UUID) -> bool:
    """Take all factors away, in the caller's transaction, which ends sessions and tells; False when there are none."""
    had = (await held(user_id)).any
    await totp.remove(user_id)
    await passkeys.remove(user_id)
    await recovery_codes.remove(user_id)
    return had


async def add_passkey(actor: Actor, user_id: UUID, passkey: Made, name: str) -> None:
    """Conflict when it is known already."""
    async with database.transaction():
        await accounts.lock(user_id)
        await passkeys.store(user_id, passkey, name)
        await changed(actor, user_id, "second_factor:add_passkey", "A passkey was added")


async def remove_passkey(actor: Actor, user_id: UUID, passkey_id: UUID) -> None:
    """NotFound when this person has no such one; Conflict when it is the last factor of somebody who needs one."""
    async with database.transaction():
        await accounts.lock(user_id)
        if not await passkeys.remove(user_id, passkey_id):
            raise NotFound
        await without_rest(user_id)
        await changed(actor, user_id, "second_factor:remove_passkey", "A passkey was removed")


async def without_rest(user_id: UUID) -> None:
    """Recovery codes go with the last factor. Conflict when the person's role requires one."""
    if (await held(user_id)).any:
        return
    if (await User.objects.get(id=user_id)).needs_second_factor:
        raise Conflict("Your role requires a second factor. Set up another one before you remove this one.")
    await recovery_codes.remove(user_id)


async def renew_recovery_codes(actor: Actor, user_id: UUID, hashes: list[str]) -> None:
    """Conflict when there is no factor that they could stand in for."""
    async with database.transaction():
        await accounts.lock(user_id)
        if not (await held(user_id)).any:
            raise Conflict("Set up an authenticator app or a passkey first. Recovery codes stand in for it.")
        await recovery_codes.store(user_id, hashes)
        await changed(actor, user_id, "second_factor:renew_recovery_codes", "New recovery codes were made")

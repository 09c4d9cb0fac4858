"""Accounts: found at sign-in, made by administrators."""

import re
import uuid
from typing import Any

import sqlalchemy as sa

from errors import Conflict, FieldProblem, Invalid
from models.audit import audit
from models.audit.audit import Actor, Change
from models.storage.database import database
from models.users import requirements
from models.users.users import User

USERS = User.ormar_config.table


LONGEST_ADDRESS = 254
# What a browser accepts in <input type=email> (HTML Living Standard, "valid e-mail address"), in lower case.
LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
ADDRESS = re.compile(rf"[a-z0-9.!#$%&'*+/=?^_`{{|}}~-]{{1,64}}@{LABEL}(\.{LABEL})*")

USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,62}[a-z0-9]")
"""3 to 64 characters; without an @, so that no username can be somebody's address."""


def normal_address(address: str) -> str:
    """The one way in which an address is stored and looked for."""
    return address.strip().lower()


def is_address(address: str) -> bool:
    """Whether a normal address can be one; only a message that arrives could say more."""
    return len(address) <= LONGEST_ADDRESS and ADDRESS.fullmatch(address) is not None


async def by_email_address(address: str) -> User | None:
    """The account with this address, however it is written; None for what cannot be an address."""
    wanted = normal_address(address)
    return await User.objects.get_or_none(email_address=wanted) if is_address(wanted) else None


async def by_name(name: str) -> User | None:
    """The account with this e-mail address or username, however it is written."""
    if "@" in name:
        return await by_email_address(name)
    wanted = normal_address(name)
    return await User.objects.get_or_none(username=wanted) if USERNAME.fullmatch(wanted) else None


async def key_of(name: str) -> uuid.UUID | None:
    """The key of the account that `by_name` finds, at a cost that hardly differs when there is none."""
    wanted = normal_address(name)
    if "@" in name:
        which = USERS.c.email_address == wanted if is_address(wanted) else sa.false()
    else:
        which = USERS.c.username == wanted if USERNAME.fullmatch(wanted) else sa.false()
    async with database.connection() as connection:
        return (await connection.execute(sa.select(USERS.c.id).where(which))).scalar_one_or_none()


async def lock_mailbox(user_id: uuid.UUID) -> str | None:
    """The address of an active account, locked as `lock` does; None when there is no such account."""
    active = sa.select(USERS.c.email_address).where(USERS.c.id == user_id, USERS.c.is_active)
    async with database.connection() as connection:
        return (await connection.execute(active.with_for_update(key_share=True))).scalar_one_or_none()


async def lock(user_id: uuid.UUID) -> User | None:
    """The account as it is now, which nobody else changes until the caller's transaction ends.

    The first thing that a transaction locks: sessions, secrets and the audit trail come after it.
    """
    async with database.connection() as connection:
        await connection.execute(sa.select(USERS.c.id).where(USERS.c.id == user_id).with_for_update(key_share=True))
    return await User.objects.get_or_none(id=user_id)


async def change(user_id: uuid.UUID, **values: Any) -> None:
    async with database.connection() as connection:
        await connection.execute(sa.update(USERS).where(USERS.c.id == user_id).values(**values))


async def renew_hash(user: User, password_hash: str) -> bool:
    """Keep a hash made with today's parameters; False when the password was changed meanwhile."""
    same = (USERS.c.id == user.id) & (USERS.c.password_hash == user.password_hash)
    async with database.connection() as connection:
        done = await connection.execute(sa.update(USERS).where(same).values(password_hash=password_hash))
    return done.rowcount == 1


async def create(actor: Actor, *, email_address: str, password_hash: str, **fields: Any) -> uuid.UUID:
    """Store an account; its key. Conflict when its address has one already, Invalid when it is no address."""
    shown = {"email_address": normal_address(email_address), **fields}
    if not is_address(shown["email_address"]):
        raise Invalid(problems=[FieldProblem("email_address", "Enter an email address such as name@example.org")])
    try:
        async with database.transaction():
            user = await User.objects.create(password_hash=password_hash, **shown)
            await requirements.apply(user.id, is_new=True)
            await audit.append(actor, Change("user:create", "user", user.id, after=shown))
    except sa.exc.IntegrityError as error:
        raise Conflict("There is an account with this email address already. Nothing was changed.") from error
    return user.id

"""Accounts: found at sign-in, made by administrators."""

import uuid
from typing import Any

import sqlalchemy as sa

from errors import Conflict
from models import audit
from models.audit import Actor, Change
from models.database import database
from models.users import User

USERS = User.ormar_config.table


async def by_email_address(address: str) -> User | None:
    """The account with this address, however it is written; None for what cannot be an address."""
    if not address.isprintable():
        return None
    return await User.objects.get_or_none(email_address=address.strip().lower())


async def renew_hash(user: User, password_hash: str) -> None:
    """Keep a hash made with today's parameters, unless the password was changed meanwhile."""
    same = (USERS.c.id == user.id) & (USERS.c.password_hash == user.password_hash)
    async with database.connection() as connection:
        await connection.execute(sa.update(USERS).where(same).values(password_hash=password_hash))


async def create(actor: Actor, **fields: Any) -> uuid.UUID:
    """Store an account; Conflict when its address has one already."""
    address = fields["email_address"].strip().lower()
    async with database.transaction():
        if await User.objects.filter(email_address=address).exists():
            raise Conflict("There is an account with this email address already. Nothing was changed.")
        user = await User.objects.create(**{**fields, "email_address": address})
        shown = {name: value for name, value in fields.items() if name != "password_hash"}
        await audit.append(actor, Change("user:create", "user", user.id, after=shown))
    return user.id

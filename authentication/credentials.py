"""Checks what a person signs in with: the one place where a password is compared, so that all guessing meets there."""

from uuid import UUID

from authentication.passwords import Passwords
from errors import InvalidCredentials
from models import accounts, audit
from models.audit import Actor, Change
from models.database import database
from models.users import User


async def check(passwords: Passwords, name: str, password: str) -> User:
    """The active account with this e-mail address or username and password.

    InvalidCredentials, after the same work, for every wrong combination (OWASP ASVS 5.0, 6.3.8).
    """
    user = await accounts.by_name(name)
    return await _matching(passwords, user, password)


async def check_again(passwords: Passwords, user_id: UUID, password: str) -> User:
    """The account of who is signed in, who typed their password once more; InvalidCredentials when it is wrong."""
    return await _matching(passwords, await User.objects.get_or_none(id=user_id), password)


async def _matching(passwords: Passwords, user: User | None, password: str) -> User:
    right = await passwords.verify(user.password_hash if user else None, password)
    if user is None or not right or not user.is_active:
        raise InvalidCredentials
    if passwords.outdated(user.password_hash):
        await _renew(user, await passwords.hash(password))
    return user


async def _renew(user: User, password_hash: str) -> None:
    async with database.transaction():
        if await accounts.renew_hash(user, password_hash):
            await audit.append(Actor(user.id), Change("user:renew_hash", "user", user.id))

"""Checks what a person signs in with: the one place where a password is compared, so that all guessing meets there."""

from uuid import UUID

from authentication.passwords import Passwords
from authentication.throttles import Guess, Guesser
from errors import InvalidCredentials
from models.audit import audit
from models.audit.audit import Actor, Change
from models.storage.database import database
from models.users import accounts
from models.users.users import User


async def check(passwords: Passwords, guesser: Guesser, name: str, password: str) -> User:
    """The active account with this e-mail address or username and password.

    InvalidCredentials, after the same work, for every wrong combination (OWASP ASVS 5.0, 6.3.8); TooMany, before any,
    after too many of them.
    """
    user = await accounts.by_name(name)
    # By what was typed: two names that are blocked together would be seen to be one account.
    async with guesser.trying(Guess.SIGN_IN, accounts.normal_address(name), user.id if user else None):
        return await _matching(passwords, user, password)


async def check_again(passwords: Passwords, guesser: Guesser, user_id: UUID, password: str) -> User:
    """The account of who is signed in, who typed their password once more.

    InvalidCredentials when it is wrong, TooMany after too many wrong ones.
    """
    user = await User.objects.get_or_none(id=user_id)
    async with guesser.trying(Guess.CONFIRM, str(user_id), user_id):
        return await _matching(passwords, user, password)


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

"""Makes accounts for people who come by themselves, and learns that an address is theirs."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from uuid import UUID

from authentication import password_changes, single_use
from authentication.passwords import Passwords
from authentication.single_use import SingleUse
from authentication.tokens import Tokens
from errors import Conflict, LinkUsed, TooMany
from mail.outbox import link, queue
from models.audit import audit
from models.audit.audit import Actor, Change
from models.enumerations import Purpose
from models.storage.database import database
from models.users import accounts

VERIFY_LIFETIME = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Newcomer:
    first_name: str
    last_name: str
    email_address: str
    password: str = field(repr=False)


async def register(passwords: Passwords, tokens: Tokens, newcomer: Newcomer, request_id: str | None) -> None:
    """Make an account and send its address a link that verifies it.

    An address that has an account is sent a letter that says so instead. Nothing here tells which of the two it was:
    the password is hashed and a letter written either way (OWASP ASVS 5.0, 6.3.8).
    """
    hashed = await passwords.of_choice(newcomer.password, known_of(newcomer))
    if await accounts.by_email_address(newcomer.email_address) is None:
        try:
            await _open(tokens, newcomer, hashed, request_id)
        except Conflict:  # somebody else registered it at this moment
            pass
        else:
            return
    await password_changes.send_reset(tokens, newcomer.email_address, request_id, "account_exists")


def known_of(newcomer: Newcomer) -> tuple[str, ...]:
    return newcomer.first_name, newcomer.last_name, newcomer.email_address


async def _open(tokens: Tokens, newcomer: Newcomer, hashed: str, request_id: str | None) -> None:
    async with database.transaction():
        key = await _create(newcomer, hashed, request_id, is_verified=False)
        await _send_link(tokens, key, newcomer.email_address)
        await audit.append(Actor(request_id=request_id), Change("user:register", "user", key))


async def _create(newcomer: Newcomer, hashed: str, request_id: str | None, **flags: bool) -> UUID:
    return await accounts.create(
        Actor(request_id=request_id),
        email_address=newcomer.email_address,
        first_name=newcomer.first_name,
        last_name=newcomer.last_name,
        password_hash=hashed,
        **flags,
    )


async def accept(passwords: Passwords, tokens: Tokens, secret: str, newcomer: Newcomer, request_id: str | None) -> None:
    """Make the account that a letter invites to; its address is the one that the letter went to, and is verified.

    LinkUsed when the invitation works no more, Conflict when the address has got an account in the meantime.
    """
    issued = await find(tokens, secret, Purpose.INVITATION)
    invited = replace(newcomer, email_address=issued.email_address or "")
    hashed = await passwords.of_choice(invited.password, known_of(invited))
    async with database.transaction():
        if await single_use.spend(tokens, secret, Purpose.INVITATION) is None:
            raise LinkUsed
        key = await _create(invited, hashed, request_id, is_verified=True)
        await audit.append(Actor(request_id=request_id), Change("user:accept_invitation", "user", key))


async def verify(tokens: Tokens, actor: Actor, secret: str) -> None:
    """Note that the address of the actor's account is theirs; LinkUsed when the secret works no more, or is another's.

    The letter alone is not enough: its reader would lend their address to whoever made an account with it, and knows
    its password.
    """
    async with database.transaction():
        account = await accounts.lock(actor.user_id) if actor.user_id else None
        issued = await single_use.spend(tokens, secret, Purpose.VERIFY_EMAIL)
        if account is None or issued is None or issued.user_id != account.id:
            raise LinkUsed
        await accounts.change(account.id, is_verified=True)
        await audit.append(actor, Change("user:verify", "user", account.id, after={"is_verified": True}))


async def find(tokens: Tokens, secret: str, purpose: Purpose) -> SingleUse:
    """LinkUsed for what does not work."""
    if (issued := await single_use.look(tokens, secret, purpose)) is None:
        raise LinkUsed
    return issued


async def send_again(tokens: Tokens, actor: Actor, user_id: UUID) -> None:
    """Another link; Conflict when the address is verified already, TooMany when the last one was sent just now."""
    async with database.transaction():
        account = await accounts.lock(user_id)
        if account is None or account.is_verified:
            raise Conflict("Your email address is verified already. There is nothing to do.")
        await refuse_too_soon(user_id, Purpose.VERIFY_EMAIL)
        await _send_link(tokens, user_id, account.email_address)
        await audit.append(actor, Change("user:send_verification", "user", user_id))


async def refuse_too_soon(user_id: UUID, purpose: Purpose) -> None:
    """TooMany, in words for who is waiting, when a letter for this purpose went out too short a time ago."""
    if seconds := await single_use.wait(user_id, purpose):
        minutes = -(-seconds // 60)
        span = "1 minute" if minutes == 1 else f"{minutes} minutes"
        detail = f"We sent you an email just now. Look for it, in your spam folder too, or wait {span} and try again."
        raise TooMany(detail, retry_after=seconds)


async def _send_link(tokens: Tokens, user_id: UUID, address: str) -> None:
    secret = await single_use.issue(
        tokens, Purpose.VERIFY_EMAIL, VERIFY_LIFETIME, user_id=user_id, email_address=address
    )
    await queue("verify_email", address, link=link("/auth/verify/", token=secret))

"""Changes what a person signs in with: every change ends their sessions, and they are told of it by a letter."""

from datetime import timedelta
from uuid import UUID

from authentication import factor_changes, same_work, sign_in, single_use
from authentication.passwords import Passwords
from authentication.revocation import end_all
from authentication.sessions import LiveSession, SessionPolicy
from authentication.tokens import Tokens
from errors import InvalidCredentials, LinkUsed
from mail.outbox import link, queue
from models.audit import audit
from models.audit.audit import Actor, Change
from models.enumerations import Purpose
from models.storage.columns import new_id
from models.storage.database import database
from models.users import accounts
from models.users.users import User

RESET_LIFETIME = timedelta(hours=1)
"""OWASP ASVS 5.0, 6.4.1: what starts the choice of a password is short-lived; NIST SP 800-63B would permit a day."""


def known_of(user: User) -> tuple[str, ...]:
    """What others know of a person, which no password of theirs may be made of."""
    return user.first_name, user.last_name, user.email_address, user.username or ""


async def change(  # noqa: PLR0913 - one for each thing that takes part
    passwords: Passwords, policy: SessionPolicy, actor: Actor, session: LiveSession, user: User, password: str
) -> str:
    """Give the account, whose password was just checked, another one: the cookie by which this session goes on.

    All its other sessions end (OWASP ASVS 5.0, 7.4.3). InvalidCredentials when what was checked counts no more.
    """
    hashed = await passwords.of_choice(password, known_of(user), "new_password")
    async with database.transaction():
        await lock_as_checked(user)
        await _store(user.id, hashed)
        await _tell(user)
        await end_all(actor, user.id, "changed the password", keep=session.id)
        cookie = await sign_in.renew(policy, actor, session.factors)
        await audit.append(actor, Change("user:change_password", "user", user.id))
    return cookie


async def lock_as_checked(user: User) -> None:
    """Lock an account whose password was checked; InvalidCredentials when it was changed since."""
    now = await accounts.lock(user.id)
    if now is None or not now.is_active or now.auth_epoch != user.auth_epoch:
        raise InvalidCredentials


async def send_reset(tokens: Tokens, name: str, request_id: str | None, letter: str = "reset_password") -> None:
    """Send the account of this name, if there is one, a link by which a new password can be chosen.

    There is one answer and one amount of work, and nobody is sent more letters than `single_use.wait` allows.
    """
    found = await accounts.key_of(name)
    key = found or new_id()
    async with database.transaction():
        mailbox = await accounts.lock_mailbox(key)
        waits = await single_use.wait(key, Purpose.RESET_PASSWORD)
        sent = mailbox is not None and not waits
        async with same_work.kept_if(sent):
            token = await single_use.issue(tokens, Purpose.RESET_PASSWORD, RESET_LIFETIME, user_id=found)
            await queue(letter, mailbox or "nobody@localhost", link=link("/auth/reset_password/", token=token))
        # Of an address without an account the history says only that somebody asked.
        await audit.append(Actor(request_id=request_id), Change("user:send_reset", "user", key if sent else None))


async def reset(passwords: Passwords, tokens: Tokens, secret: str, password: str, request_id: str | None) -> None:
    """Choose a password by the secret of a letter, which also proves the address; LinkUsed when it works no more.

    Nobody is signed in by it: a second factor is asked for as ever (OWASP ASVS 5.0, 6.4.3), unless it was set up by
    somebody who had not proved the address.
    """
    issued = await single_use.look(tokens, secret, Purpose.RESET_PASSWORD)
    user = await User.objects.get_or_none(id=issued.user_id) if issued else None
    if user is None:
        raise LinkUsed
    hashed = await passwords.of_choice(password, known_of(user))
    async with database.transaction():
        now = await accounts.lock(user.id)
        if now is None or await single_use.spend(tokens, secret, Purpose.RESET_PASSWORD) is None:
            raise LinkUsed
        proved = {} if now.is_verified else await _hand_over(user.id)
        await _store(user.id, hashed, is_verified=True)
        await _tell(user)
        actor = Actor(user.id, None, request_id)
        await end_all(actor, user.id, "chose a new password")
        await audit.append(actor, Change("user:reset_password", "user", user.id, after=proved or None))


async def _hand_over(user_id: UUID) -> dict[str, bool]:
    """Leave no way in to who made the account, who need not be the owner of the address; what was changed."""
    had_factor = await factor_changes.forget(user_id)
    return {"is_verified": True, **({"second_factor": False} if had_factor else {})}


async def _store(user_id: UUID, hashed: str, **also: bool) -> None:
    await accounts.change(user_id, password_hash=hashed, **also)


async def _tell(user: User) -> None:
    """OWASP ASVS 5.0, 6.3.7: after a change of what a person signs in with."""
    again = link("/auth/forgotten_password/")
    await queue("password_changed", user.email_address, first_name=user.first_name, link=again)

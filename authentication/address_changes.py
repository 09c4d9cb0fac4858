"""Changes the address of an account once its new mailbox has answered; the old one is told, and sessions end."""

from datetime import timedelta

import sqlalchemy as sa

from authentication import single_use
from authentication.password_changes import lock_as_checked
from authentication.registration import refuse_too_soon
from authentication.revocation import end_all
from authentication.tokens import Tokens
from errors import LinkUsed
from mail.outbox import link, queue
from models.audit import audit
from models.audit.audit import Actor, Change
from models.enumerations import Purpose
from models.storage.database import database
from models.users import accounts
from models.users.users import User

CHANGE_LIFETIME = timedelta(days=1)


async def ask(tokens: Tokens, actor: Actor, user: User, address: str) -> None:
    """Send a link to the new address of the account, whose password was just checked, and a notice to the old one.

    An address of somebody else is sent word of that instead of a link, and the answer does not tell. TooMany when this
    was asked for just now.
    """
    async with database.transaction():
        await lock_as_checked(user)
        await refuse_too_soon(user.id, Purpose.CHANGE_EMAIL)
        taken = await accounts.by_email_address(address) is not None
        secret = await single_use.issue(
            tokens, Purpose.CHANGE_EMAIL, CHANGE_LIFETIME, user_id=user.id, email_address=address
        )
        if taken:
            await queue("address_in_use", address, link=link("/auth/login/"))
        else:
            await queue("change_email", address, link=link("/account/email_address/confirm/", token=secret))
        await queue("change_email_notice", user.email_address, first_name=user.first_name, address=address)
        await audit.append(actor, Change("user:ask_new_address", "user", user.id, after={"email_address": address}))


async def confirm(tokens: Tokens, actor: Actor, secret: str) -> None:
    """Give the account of the actor the address that the secret was sent to, and end its other sessions.

    LinkUsed when it works no more, is somebody else's, or the address has got an account meanwhile; its mailbox is told
    of the last, and nobody else.
    """
    async with database.transaction():
        account = await accounts.lock(actor.user_id) if actor.user_id else None
        issued = await single_use.spend(tokens, secret, Purpose.CHANGE_EMAIL)
        if account is None or issued is None or issued.user_id != account.id or issued.email_address is None:
            raise LinkUsed
        moved = await _move(account, issued.email_address)
        if moved:
            await _tell_both(account, issued.email_address)
            await end_all(actor, account.id, "changed the email address", keep=actor.session_id)
        else:
            await queue("address_in_use", issued.email_address, link=link("/auth/login/"))
        await audit.append(actor, _recorded(account, issued.email_address, moved=moved))
    if not moved:
        raise LinkUsed


async def _move(account: User, address: str) -> bool:
    """False when the address has got an account, also one that is being made at this moment."""
    try:
        async with database.transaction():
            await accounts.change(account.id, email_address=address, is_verified=True)
    except sa.exc.IntegrityError:
        return False
    return True


async def _tell_both(account: User, address: str) -> None:
    for mailbox in (account.email_address, address):
        await queue("email_changed", mailbox, first_name=account.first_name, old=account.email_address, new=address)


def _recorded(account: User, address: str, *, moved: bool) -> Change:
    before, after = {"email_address": account.email_address}, {"email_address": address}
    if moved:
        return Change("user:change_address", "user", account.id, before=before, after=after)
    return Change("user:refuse_address", "user", account.id, reason="the address has an account")

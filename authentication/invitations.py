"""Invitations to register: a link for one address, listed while it works, and withdrawn at any time before."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from authentication import single_use
from authentication.single_use import TOKENS
from authentication.standing import TAKEN, refuse_no_address
from authentication.tokens import Tokens
from errors import FieldProblem, Invalid, NotFound
from mail.outbox import link, queue
from models.audit import audit
from models.audit.audit import Actor, Change
from models.enumerations import Purpose
from models.storage.columns import utc_now
from models.storage.database import database
from models.users import accounts

LIFETIME = timedelta(days=7)


def open_ones() -> list[sa.ColumnElement[bool]]:
    return [TOKENS.c.purpose == Purpose.INVITATION, TOKENS.c.used_at.is_(None), TOKENS.c.expires_at > utc_now()]


async def invite(tokens: Tokens, actor: Actor, address: str) -> None:
    """Send a link by which the owner of a mailbox registers; an earlier one to the same address works no more.

    Invalid when it is no address, or has an account already, which administrators may know.
    """
    refuse_no_address(address)
    if await accounts.by_email_address(address):
        raise Invalid(problems=[FieldProblem("email_address", TAKEN)])
    async with database.transaction() as connection:
        earlier = sa.update(TOKENS).where(*open_ones(), TOKENS.c.email_address == address)
        await connection.execute(earlier.values(used_at=utc_now()))
        token = await single_use.issue(tokens, Purpose.INVITATION, LIFETIME, email_address=address)
        await queue("invitation", address, link=link("/auth/register/", invitation=token), days=LIFETIME.days)
        await audit.append(actor, Change("invitation:create", "invitation", after={"email_address": address}))


async def page(page_number: int, limit: int) -> tuple[list[dict[str, Any]], int]:
    """Invitations that still work, the newest first, and how many there are in all."""
    columns = [TOKENS.c[name] for name in ("id", "email_address", "created_date", "expires_at")]
    found = sa.select(*columns).where(*open_ones()).order_by(TOKENS.c.created_date.desc(), TOKENS.c.id)
    count = sa.select(sa.func.count()).select_from(TOKENS).where(*open_ones())
    async with database.connection() as connection:
        total = (await connection.execute(count)).scalar_one()
        rows = (await connection.execute(found.limit(limit).offset((page_number - 1) * limit))).mappings().all()
    return [dict(row) for row in rows], total


async def withdraw(actor: Actor, invitation_id: UUID) -> None:
    """Make the link worthless from the commit on; NotFound when it works no more anyway."""
    end = sa.update(TOKENS).where(*open_ones(), TOKENS.c.id == invitation_id).values(used_at=utc_now())
    async with database.transaction() as connection:
        address = (await connection.execute(end.returning(TOKENS.c.email_address))).scalar_one_or_none()
        if address is None:
            raise NotFound
        before = {"email_address": address}
        await audit.append(actor, Change("invitation:withdraw", "invitation", invitation_id, before=before))

"""What administrators decide about accounts: who has one, in which role, and whether it may be used; its owner is told.

Roles are written here alone (`write_roles`), so that what follows from a role is never forgotten.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from authentication import single_use
from authentication.revocation import end_all
from authentication.tokens import Tokens
from errors import Conflict, FieldProblem, Invalid, NotFound
from mail.outbox import link, queue
from models.audit import audit
from models.audit.audit import Actor, Change
from models.enumerations import Purpose
from models.storage.database import database
from models.users import accounts, profiles, requirements
from models.users.users import User

USERS = User.ormar_config.table
ROLES = ("is_administrator", "is_cso")
WELCOME_LIFETIME = timedelta(days=3)
"""Long enough for a weekend; afterwards "forgotten password" sends another link (OWASP ASVS 5.0, 6.4.1)."""
NO_PASSWORD = ""
NOT_REGISTERED = {"registration_body": "", "registration_number": "", "registration_valid_until": None}


async def create(  # noqa: PLR0913 - one for each thing an account begins with
    tokens: Tokens, actor: Actor, names: Mapping[str, str], roles: Mapping[str, bool], reason: str, registration: str
) -> UUID:
    """Make an account for somebody, who is sent a link by which they choose its password; its key.

    Invalid when the address has an account already, and for a CSO whose registration is recorded nowhere.
    """
    refuse_no_address(names["email_address"])
    wanted = {name: True for name in ROLES if roles[name]}
    refuse_unregistered(NOT_REGISTERED, wanted, registration)
    try:
        async with database.transaction():
            user = await User.objects.create(password_hash=NO_PASSWORD, **names)
            await write_roles(user.id, wanted)
            await requirements.apply(user.id, is_new=True)
            token = await single_use.issue(tokens, Purpose.RESET_PASSWORD, WELCOME_LIFETIME, user_id=user.id)
            choose = link("/auth/reset_password/", token=token)
            await queue("welcome", user.email_address, first_name=user.first_name, link=choose)
            after = {**names, **wanted, **recorded(registration)}
            await audit.append(actor, Change("user:create", "user", user.id, after=after, reason=reason))
    except sa.exc.IntegrityError as error:
        raise Invalid(problems=[FieldProblem("email_address", TAKEN)]) from error
    return user.id


TAKEN = "There is an account with this email address already"


def refuse_no_address(address: str) -> None:
    if not accounts.is_address(address):
        raise Invalid(problems=[FieldProblem("email_address", "Enter an email address such as name@example.org")])


async def change_roles(
    actor: Actor, user_id: UUID, roles: Mapping[str, bool], reason: str, registration: str = ""
) -> None:
    """Give and take roles; every session of the person ends (OWASP ASVS 5.0, 7.4.2 and 8.3.2), and they are told.

    Conflict when it would leave the service without an administrator; Invalid for a CSO whose registration is neither
    in their profile and current nor, as `registration` says, recorded elsewhere.
    """
    async with database.transaction():
        person = await locked(user_id)
        after = {name: value for name, value in roles.items() if value != person[name]}
        if not after:
            return
        refuse_unregistered(person, after, registration)
        await write_roles(user_id, after)
        await keep_an_administrator(person)
        told = {**person, **after}
        await queue("roles_changed", person["email_address"], **{name: told[name] for name in ("first_name", *ROLES)})
        await end_all(actor, user_id, "roles changed")
        before, told = {name: person[name] for name in after}, {**after, **recorded(registration)}
        change = Change("user:roles", "user", user_id, before=before, after=told, reason=reason)
        await audit.append(actor, change, fenced=False)  # end_all has held the actor's session already


async def write_roles(user_id: UUID, roles: Mapping[str, bool]) -> None:
    """The one place where a role is given or taken from an account that is there."""
    if roles:
        async with database.connection() as connection:
            await connection.execute(sa.update(USERS).where(USERS.c.id == user_id).values(**roles))
        await requirements.apply(user_id)


def refuse_unregistered(person: Mapping[str, Any], roles: Mapping[str, bool], registration: str) -> None:
    """A CSO is a clinician with a current registration (DCB0129 2.2); where it is recorded is part of the decision."""
    if roles.get("is_cso") and not registration and not profiles.is_current(person):
        message = (
            "Their profile has no current professional registration. Ask them to enter it, or say where it is recorded"
        )
        raise Invalid(problems=[FieldProblem("registration", message)])


def recorded(registration: str) -> dict[str, str]:
    return {"registration_recorded": registration} if registration else {}


async def set_active(actor: Actor, user_id: UUID, reason: str, *, active: bool) -> None:
    """Let an account be used, or not: then every session and token of it ends in the same moment (ASVS 5.0, 7.4.2).

    A project of theirs may be without an owner afterwards: who must be shut out is not kept in by what they own.
    Conflict when it is so already, for one's own account, and for that of the last administrator.
    """
    if user_id == actor.user_id:
        raise Conflict("This is your own account. Nothing was changed. Ask another administrator.")
    async with database.transaction() as connection:
        person = await locked(user_id)
        if person["is_active"] is active:
            raise Conflict(f"This account is {'active' if active else 'disabled'} already. Nothing was changed.")
        await connection.execute(sa.update(USERS).where(USERS.c.id == user_id).values(is_active=active))
        await keep_an_administrator(person)
        letter = "account_enabled" if active else "account_disabled"
        await queue(letter, person["email_address"], first_name=person["first_name"])
        if not active:
            await end_all(actor, user_id, "account disabled")
        before, after = {"is_active": not active}, {"is_active": active}
        action = "user:enable" if active else "user:disable"
        change = Change(action, "user", user_id, before=before, after=after, reason=reason)
        await audit.append(actor, change, fenced=active)  # else end_all has held the actor's session already


async def locked(user_id: UUID) -> dict[str, Any]:
    """A person, locked until the commit with every active administrator, in the order of keys; NotFound for nobody.

    So two administrators who take each other's role follow one another, and the second is refused.
    """
    meant = (USERS.c.id == user_id) | (USERS.c.is_administrator & USERS.c.is_active)
    columns = [USERS.c[name] for name in ("id", "first_name", "email_address", "is_active", *ROLES, *NOT_REGISTERED)]
    query = sa.select(*columns).where(meant).order_by(USERS.c.id).with_for_update(key_share=True)
    async with database.connection() as connection:
        rows = (await connection.execute(query)).mappings().all()
    found = next((row for row in rows if row["id"] == user_id), None)
    if found is None:
        raise NotFound
    return dict(found)


async def keep_an_administrator(before: Mapping[str, Any]) -> None:
    """Conflict when the person, as they were before, was the last administrator; sure only after `locked`."""
    if not (before["is_administrator"] and before["is_active"]):
        return
    able = sa.select(USERS.c.id).where(USERS.c.is_administrator, USERS.c.is_active).limit(1)
    async with database.connection() as connection:
        if (await connection.execute(able)).one_or_none() is None:
            raise Conflict("This is the only active administrator. Nothing was changed. Make somebody else one first.")

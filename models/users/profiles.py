"""What people say about themselves, and to whom they show it; each change is in the history with both states."""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from errors import FieldProblem, Invalid, NotFound
from models.audit import audit
from models.audit.audit import Actor, Change
from models.storage.columns import utc_now
from models.storage.database import database
from models.users.users import User

USERS = User.ormar_config.table
PROFILE = ("first_name", "last_name", "username", "profession")
REGISTRATION = ("registration_body", "registration_number", "registration_valid_until")
PRIVACY = ("name_shown_to", "email_shown_to")
FIELDS = (*PROFILE, *REGISTRATION, "training", *PRIVACY, "notices_by_mail")
BODIES = (
    "General Chiropractic Council",
    "General Dental Council",
    "General Medical Council",
    "General Optical Council",
    "General Osteopathic Council",
    "General Pharmaceutical Council",
    "Health and Care Professions Council",
    "Nursing and Midwifery Council",
    "Pharmaceutical Society of Northern Ireland",
    "Social Work England",
)
"""Regulators of health and care professions in the United Kingdom, to choose from; another may be written."""


async def find(user_id: uuid.UUID) -> dict[str, Any]:
    """What a person said about themselves. NotFound for nobody."""
    return await _read(sa.select(*(USERS.c[name] for name in FIELDS)).where(USERS.c.id == user_id))


async def change(actor: Actor, action: str, user_id: uuid.UUID, fields: Mapping[str, Any]) -> None:
    """Store the fields that differ. Invalid for a username of someone else, and for a CSO without a registration."""
    try:
        async with database.transaction() as connection:
            now = await _locked(user_id)
            after = {name: value for name, value in fields.items() if value != now[name]}
            if not after:
                return
            keep_registration(now, {**now, **after})
            await connection.execute(sa.update(USERS).where(USERS.c.id == user_id).values(**after))
            before = {name: now[name] for name in after}
            await audit.append(actor, Change(action, "user", user_id, before=before, after=after))
    except sa.exc.IntegrityError as error:
        taken = FieldProblem("username", "This username is taken. Choose another")
        raise Invalid(problems=[taken]) from error


def keep_registration(now: Mapping[str, Any], then: Mapping[str, Any]) -> None:
    """Who is designated as Clinical Safety Officer on the strength of a registration cannot take it out."""
    if now["is_cso"] and is_registered(now) and not is_registered(then):
        message = "A Clinical Safety Officer needs a registration. Ask an administrator to end the designation first"
        emptied = next(name for name in REGISTRATION[:2] if not then[name])
        raise Invalid(problems=[FieldProblem(emptied, message)])


def is_registered(person: Mapping[str, Any]) -> bool:
    """Whether a registration with a professional body is written down, current or not."""
    return bool(person["registration_body"] and person["registration_number"])


def is_current(person: Mapping[str, Any], today: dt.date | None = None) -> bool:
    """Whether a registration is written down and has not run out; without a last day it runs on."""
    until = person["registration_valid_until"]
    return is_registered(person) and (until is None or until >= (today or utc_now().date()))


async def _locked(user_id: uuid.UUID) -> dict[str, Any]:
    columns = (USERS.c[name] for name in (*FIELDS, "is_cso"))
    return await _read(sa.select(*columns).where(USERS.c.id == user_id).with_for_update(key_share=True))


async def _read(query: sa.Select[Any]) -> dict[str, Any]:
    async with database.connection() as connection:
        row = (await connection.execute(query)).mappings().one_or_none()
    if row is None:
        raise NotFound
    return dict(row)

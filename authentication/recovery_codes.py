"""Codes on paper for the day on which the device is lost: 80 random bits each; each works once (ASVS 6.5.2)."""

import json
import secrets
from base64 import b32encode
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from authentication.drafts import content_of, draft
from authentication.passwords import Passwords
from mail import outbox
from models.storage.columns import new_id, utc_now
from models.storage.database import database
from models.users.factors import RecoveryCode
from models.users.users import User

CODES = RecoveryCode.ormar_config.table
USERS = User.ormar_config.table
KIND = "recovery codes"
HOW_MANY = 10
BYTES = 10


@dataclass(frozen=True, slots=True)
class Fresh:
    """Codes that work once the person has said that they kept them, by sending `draft` back."""

    codes: tuple[str, ...]
    draft: str


def make(user_id: UUID) -> Fresh:
    codes = tuple(spelt(secrets.token_bytes(BYTES)) for _ in range(HOW_MANY))
    return Fresh(codes, draft(KIND, user_id, json.dumps(codes)))


def spelt(random: bytes) -> str:
    """16 letters and digits in groups of four; base32 has neither 0 and 1 nor capitals to confuse."""
    text = b32encode(random).decode().lower()
    return "-".join(text[place : place + 4] for place in range(0, len(text), 4))


def normal(code: str) -> str:
    """A code as it is hashed, however it was typed."""
    return "".join(character for character in code.lower() if character.isalnum())


async def hashes_of(passwords: Passwords, user_id: UUID, text: str) -> list[str] | None:
    """The hashes of the codes in a draft; None when it is not this person's, or too old."""
    codes = content_of(text, KIND, user_id)
    return None if codes is None else [await passwords.hash(normal(code)) for code in json.loads(codes)]


async def store(user_id: UUID, hashes: Sequence[str]) -> None:
    """Keep these in place of all that the person had, in the caller's transaction."""
    rows = [{"id": new_id(), "user_id": user_id, "code_hash": one} for one in hashes]
    await remove(user_id)
    async with database.connection() as connection:
        await connection.execute(sa.insert(CODES), rows)


async def remove(user_id: UUID) -> None:
    async with database.connection() as connection:
        await connection.execute(sa.delete(CODES).where(CODES.c.user_id == user_id))


async def matching(passwords: Passwords, user_id: UUID, code: str) -> UUID | None:
    """The unused code of this person that this is; `spend` says whether it still counts."""
    unused = sa.select(CODES.c.id, CODES.c.code_hash).where(CODES.c.user_id == user_id, CODES.c.used_at.is_(None))
    async with database.connection() as connection:
        rows = (await connection.execute(unused)).all()
    for row in rows:
        if await passwords.verify(row.code_hash, normal(code)):
            found: UUID = row.id
            return found
    return None


async def spend(code_id: UUID) -> bool:
    """Use a code up and tell its owner, in the caller's transaction; of two who do it at once, one gets False."""
    used = sa.update(CODES).where(CODES.c.id == code_id, CODES.c.used_at.is_(None)).values(used_at=utc_now())
    async with database.connection() as connection:
        row = (await connection.execute(used.returning(CODES.c.user_id))).one_or_none()
        if row is None:
            return False
        left = sa.select(sa.func.count()).where(CODES.c.user_id == row.user_id, CODES.c.used_at.is_(None))
        count = (await connection.execute(left)).scalar_one()
        to = (await connection.execute(sa.select(USERS.c.email_address).where(USERS.c.id == row.user_id))).scalar_one()
    await outbox.queue("recovery_code_used", to, left=count)
    return True

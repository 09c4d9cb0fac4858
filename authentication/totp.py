"""Codes of an authenticator app (RFC 6238): each counts once, and no longer than the app shows it.

RFC 6238, 5.2, would also let the code before count, for a slow hand. OWASP ASVS 5.0, 6.5.5, allows 30 seconds and no
more, so only the code of this moment counts; who is late enters the next one.
"""

from dataclasses import dataclass
from uuid import UUID

import pyotp
import sqlalchemy as sa
from cryptography.fernet import InvalidToken
from sqlalchemy.ext.asyncio import AsyncConnection

from authentication.drafts import content_of, draft
from models.storage.columns import utc_now
from models.storage.database import database
from models.storage.sealing import seal
from models.users.factors import TotpSecret

SECRETS = TotpSecret.ormar_config.table
KIND = "app"
DIGITS = 6


@dataclass(frozen=True, slots=True)
class Setup:
    """A new seed as the app takes it; `draft` is for the page to send back with the first code."""

    key: str
    draft: str

    def uri(self, service: str, account: str) -> str:
        """What the QR code says (the Key URI Format of Google Authenticator)."""
        return pyotp.TOTP(self.key).provisioning_uri(name=account, issuer_name=service.replace(":", " "))


def begin(user_id: UUID, before: str = "") -> Setup:
    """A new seed of 160 bits, or that of the draft `before` while it is good; nothing is stored yet."""
    if key := key_of(user_id, before):
        return Setup(key, before)
    key = pyotp.random_base32()
    return Setup(key, draft(KIND, user_id, key))


def key_of(user_id: UUID, text: str) -> str | None:
    """The seed in a draft; None when it is not this person's, or too old."""
    return content_of(text, KIND, user_id)


def step_of(key: str, code: str) -> int | None:
    """The time step that this code belongs to, when that is the present one."""
    given, now = "".join(code.split()), utc_now()
    right = given.isascii() and pyotp.TOTP(key, digits=DIGITS).verify(given, for_time=now)
    return pyotp.TOTP(key).timecode(now) if right else None


async def store(user_id: UUID, key: str, step: int) -> None:
    """Keep the seed in place of any other, in the caller's transaction; the code that confirmed it is used up."""
    row = {"user_id": user_id, "sealed": seal.close(key.encode()), "last_step": step}
    async with database.connection() as connection:
        await _forget(connection, user_id)
        await connection.execute(sa.insert(SECRETS).values(**row))


async def remove(user_id: UUID) -> bool:
    """Forget the seed; False when there is none."""
    async with database.connection() as connection:
        return await _forget(connection, user_id)


async def _forget(connection: AsyncConnection, user_id: UUID) -> bool:
    return (await connection.execute(sa.delete(SECRETS).where(SECRETS.c.user_id == user_id))).rowcount == 1


async def matching(user_id: UUID, code: str) -> int | None:
    """The time step whose code of this person's app this is; `spend` says whether it still counts."""
    async with database.connection() as connection:
        sealed = (
            await connection.execute(sa.select(SECRETS.c.sealed).where(SECRETS.c.user_id == user_id))
        ).scalar_one_or_none()
    try:
        return step_of(seal.open(sealed).decode(), code) if sealed else None
    except InvalidToken:  # sealed by a key that SECRET_KEY no longer names: the person has to set it up anew
        return None


async def spend(user_id: UUID, step: int) -> bool:
    """Use the code of a step up, in the caller's transaction; of two who do it at once, one gets False (6.5.1).

    The seed is sealed anew under the first key of SECRET_KEY, so that the others can be taken away one day.
    """
    unused = (SECRETS.c.user_id == user_id) & (SECRETS.c.last_step < step)
    async with database.connection() as connection:
        used = sa.update(SECRETS).where(unused).values(last_step=step).returning(SECRETS.c.sealed)
        if (sealed := (await connection.execute(used)).scalar_one_or_none()) is None:
            return False
        anew = sa.update(SECRETS).where(SECRETS.c.user_id == user_id)
        await connection.execute(anew.values(sealed=seal.renewed(sealed)))
    return True

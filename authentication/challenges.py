"""Challenges for passkeys: made without a trace, bound to what they are for, and good once within five minutes.

Anybody may ask for one, so none is stored before it comes back signed; then its hash is, and a second time it is known.
"""

import hmac
import secrets
import time
from datetime import timedelta
from hashlib import sha256

import sqlalchemy as sa

from authentication.single_use import TOKENS
from authentication.tokens import Tokens
from models.enumerations import Purpose
from models.storage.columns import new_id, utc_now
from models.storage.database import database

LIFETIME = timedelta(minutes=5)
RANDOM, TIME, SIGNATURE = 16, 8, 32


def make(tokens: Tokens, binding: str) -> bytes:
    """Random, and signed with the time until which it counts and what it is for (OWASP ASVS 5.0, 6.7.2)."""
    until = int(time.time() + LIFETIME.total_seconds())
    body = secrets.token_bytes(RANDOM) + until.to_bytes(TIME, "big")
    return body + tokens.hash(_signed(body, binding))


def is_ours(tokens: Tokens, challenge: bytes, binding: str) -> bool:
    """Whether we made it for this, not too long ago."""
    body, signature = challenge[: RANDOM + TIME], challenge[RANDOM + TIME :]
    if len(signature) != SIGNATURE or int.from_bytes(body[RANDOM:], "big") <= time.time():
        return False
    return any(hmac.compare_digest(one, signature) for one in tokens.hashes(_signed(body, binding)))


def _signed(body: bytes, binding: str) -> bytes:
    return b"passkey challenge\0" + body + binding.encode()


async def spend(challenge: bytes) -> bool:
    """Use it up in the caller's transaction; of two who do it at once, one gets False."""
    now = utc_now()
    row = {"id": new_id(), "token_hash": sha256(challenge).digest(), "purpose": Purpose.PASSKEY}
    used = sa.insert(TOKENS).values(**row, auth_epoch=0, expires_at=now + LIFETIME, used_at=now)
    try:
        async with database.transaction() as connection:
            await connection.execute(used)
    except sa.exc.IntegrityError:
        return False
    return True

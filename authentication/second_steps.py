"""Between the two steps of a sign-in: a secret that stands for a right password, works once, and opens nothing."""

from datetime import timedelta
from uuid import UUID

from authentication import single_use
from authentication.tokens import Tokens
from models.audit import audit
from models.audit.audit import Actor, Change
from models.enumerations import Purpose
from models.storage.database import database

LIFETIME = timedelta(minutes=10)
MOST_TRIES = 5


async def wait(tokens: Tokens, actor: Actor, user_id: UUID) -> str:
    """The secret for the second step; it is bound to the account as it is now (OWASP ASVS 5.0, 6.3.3)."""
    async with database.transaction():
        pending = await single_use.issue(tokens, Purpose.SECOND_FACTOR, LIFETIME, user_id=user_id)
        await audit.append(actor, Change("session:await_second_factor", "user", user_id))
    return pending

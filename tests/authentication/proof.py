"""How long ago somebody proved who they are, as a test moves it."""

from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa

from authentication.sessions import SESSIONS
from models.storage.columns import utc_now
from tests.authentication import stored


async def proved(user_id: UUID, ago: timedelta) -> None:
    """As if every session of a person had begun, or been confirmed, so long ago."""
    mine = SESSIONS.c.user_id == user_id
    await stored.change(sa.update(SESSIONS).where(mine).values(authenticated_at=utc_now() - ago))


async def long_ago(user_id: UUID) -> None:
    await proved(user_id, timedelta(minutes=6))

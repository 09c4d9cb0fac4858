"""A hazard that is closed."""

from uuid import UUID

import pytest
import sqlalchemy as sa

from models.enumerations import HazardStatus
from models.hazards.hazard_additions import HAZARDS
from models.storage.database import database


@pytest.fixture
async def close(hazard: str) -> None:
    """Past the rules of closing, which are others' to test."""
    async with database.transaction() as connection:
        closed = sa.update(HAZARDS).where(HAZARDS.c.id == UUID(hazard.split("/")[-2]))
        await connection.execute(closed.values(status=HazardStatus.CLOSED))

"""Tells a load balancer that this process answers and reaches its database."""

from typing import Literal

import sqlalchemy as sa
from fastapi import APIRouter
from pydantic import BaseModel

from authentication.access import public, requires
from models.storage.database import database

router = APIRouter()


class Health(BaseModel):
    status: Literal["ok"] = "ok"


@router.get("/")
@requires(public)
async def health() -> Health:
    """503 while the database does not answer."""
    async with database.connection() as connection:
        await connection.execute(sa.select(1))
    return Health()

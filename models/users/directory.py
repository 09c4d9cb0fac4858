"""Everyone who has an account, for those who operate the service: they see all, whatever people show to others."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from errors import NotFound
from models.storage.database import database
from models.users.profiles import PROFILE, REGISTRATION
from models.users.users import User

USERS = User.ormar_config.table
LISTED = ("id", "email_address", *PROFILE, "is_verified", "is_active", "is_administrator", "is_cso", "created_date")
SEARCHED = ("first_name", "last_name", "email_address", "username", "profession")


@dataclass(frozen=True)
class PeopleFilter:
    """Whom a list shows; None leaves a property out of account."""

    search: str = ""
    is_active: bool | None = None
    is_administrator: bool | None = None
    is_cso: bool | None = None

    @property
    def conditions(self) -> list[sa.ColumnElement[bool]]:
        """Every word must be in a name, the address or the profession."""
        words = [
            sa.or_(*(USERS.c[name].icontains(word, autoescape=True) for name in SEARCHED))
            for word in self.search.split()
        ]
        flags = {name: getattr(self, name) for name in ("is_active", "is_administrator", "is_cso")}
        return words + [USERS.c[name].is_(value) for name, value in flags.items() if value is not None]


async def page(wanted: PeopleFilter, page_number: int, limit: int) -> tuple[list[dict[str, Any]], int]:
    """People by name, and how many there are in all."""
    count = sa.select(sa.func.count()).select_from(USERS).where(*wanted.conditions)
    query = sa.select(*(USERS.c[name] for name in LISTED)).where(*wanted.conditions)
    ordered = query.order_by(sa.func.lower(USERS.c.last_name), sa.func.lower(USERS.c.first_name), USERS.c.id)
    async with database.connection() as connection:
        total = (await connection.execute(count)).scalar_one()
        rows = (await connection.execute(ordered.limit(limit).offset((page_number - 1) * limit))).mappings().all()
    return [dict(row) for row in rows], total


async def find(user_id: UUID) -> dict[str, Any]:
    """One person with what they said of their registration; NotFound for nobody."""
    columns = (USERS.c[name] for name in (*LISTED, *REGISTRATION, "training", "needs_second_factor"))
    async with database.connection() as connection:
        row = (await connection.execute(sa.select(*columns).where(USERS.c.id == user_id))).mappings().one_or_none()
    if row is None:
        raise NotFound
    return dict(row)

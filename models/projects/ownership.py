"""Who alone owns a project: such a person cannot leave before there is another owner."""

import uuid

import sqlalchemy as sa

from models.enumerations import Role
from models.projects import projects
from models.projects.projects import MEMBERS, PROJECTS
from models.storage.database import database
from models.users.users import User

USERS = User.ormar_config.table


async def lock_owned(user_id: uuid.UUID) -> set[uuid.UUID]:
    """Lock the projects that a person owns, in the order of their keys: no owner comes or goes until the commit."""
    owned = await _owned(user_id)
    for key in sorted(owned):
        await projects.lock(key)
    return owned


async def left_alone(user_id: uuid.UUID) -> list[str]:
    """The names of the projects that would have no active owner without this person."""
    others = MEMBERS.alias()
    other = (
        sa.select(others.c.id)
        .join(USERS, USERS.c.id == others.c.user_id)
        .where(others.c.project_id == PROJECTS.c.id, others.c.role == Role.OWNER)
        .where(USERS.c.is_active, USERS.c.id != user_id)
    )
    mine = sa.and_(MEMBERS.c.user_id == user_id, MEMBERS.c.role == Role.OWNER)
    query = (
        sa.select(PROJECTS.c.name)
        .join(MEMBERS, MEMBERS.c.project_id == PROJECTS.c.id)
        .where(mine, ~other.exists())
        .order_by(PROJECTS.c.name)
    )
    async with database.connection() as connection:
        return list((await connection.execute(query)).scalars())


async def _owned(user_id: uuid.UUID) -> set[uuid.UUID]:
    mine = sa.select(MEMBERS.c.project_id).where(MEMBERS.c.user_id == user_id, MEMBERS.c.role == Role.OWNER)
    async with database.connection() as connection:
        return set((await connection.execute(mine)).scalars())


async def has_more_than(user_id: uuid.UUID, known: set[uuid.UUID]) -> bool:
    """Whether a person owns projects beside those known."""
    return not await _owned(user_id) <= known

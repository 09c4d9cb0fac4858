"""Who works on a project, and as what; a project always keeps an owner."""

import uuid
from typing import Any

import sqlalchemy as sa

from errors import Conflict, FieldProblem, Invalid, NotFound
from models.audit import audit
from models.audit.audit import Actor, Change
from models.enumerations import Role
from models.projects import projects
from models.projects.projects import MEMBERS
from models.storage.columns import new_id
from models.storage.database import database
from models.users import people
from models.users.people import ANYONE, USERS, Viewer
from models.users.users import UserPicture

PICTURES = UserPicture.ormar_config.table
COLUMNS = (
    MEMBERS.c.id,
    MEMBERS.c.role,
    MEMBERS.c.is_executive,
    MEMBERS.c.created_date,
    MEMBERS.c.user_id,
    USERS.c.first_name,
    USERS.c.last_name,
    USERS.c.is_cso,
    sa.exists().where(PICTURES.c.user_id == MEMBERS.c.user_id).label("has_picture"),
)


def of_project(project_id: uuid.UUID, *further: sa.ColumnElement[Any]) -> sa.Select[Any]:
    joined = MEMBERS.join(USERS, USERS.c.id == MEMBERS.c.user_id)
    named = sa.select(*COLUMNS, *further).select_from(joined).where(MEMBERS.c.project_id == project_id)
    return named.order_by(sa.func.lower(USERS.c.last_name), sa.func.lower(USERS.c.first_name), MEMBERS.c.id)


async def listed(project_id: uuid.UUID, viewer: Viewer = ANYONE) -> list[dict[str, Any]]:
    """Every member of a project, by name; only members are shown them, and addresses as each member wants it."""
    query = of_project(project_id, people.email_address(viewer).label("email_address"))
    async with database.connection() as connection:
        return [dict(row) for row in (await connection.execute(query)).mappings()]


async def find(project_id: uuid.UUID, member_id: uuid.UUID, viewer: Viewer = ANYONE) -> dict[str, Any]:
    """NotFound when the project has no such member."""
    query = of_project(project_id, people.email_address(viewer).label("email_address"))
    async with database.connection() as connection:
        row = (await connection.execute(query.where(MEMBERS.c.id == member_id))).mappings().one_or_none()
    if row is None:
        raise NotFound
    return dict(row)


async def refuse_stranger(project_id: uuid.UUID, user_id: uuid.UUID | None) -> None:
    """Invalid unless it is a member who is to own something of the project, or nobody."""
    there = sa.select(MEMBERS.c.id).where(MEMBERS.c.project_id == project_id, MEMBERS.c.user_id == user_id)
    async with database.connection() as connection:
        if user_id is not None and (await connection.execute(there)).one_or_none() is None:
            raise Invalid(problems=[FieldProblem("owner_id", "Choose a member of this project")])


async def add(actor: Actor, project_id: uuid.UUID, user_id: uuid.UUID, role: Role) -> uuid.UUID:
    """Make a user a member; Conflict when they are one already. The key of the membership."""
    key = new_id()
    async with database.transaction() as connection:
        await projects.lock(project_id)
        await audit.keep_role(actor, project_id)
        there = sa.select(MEMBERS.c.id).where(MEMBERS.c.project_id == project_id, MEMBERS.c.user_id == user_id)
        if (await connection.execute(there)).one_or_none():
            raise Conflict("This person is a member of the project already. Change their role in the list of members.")
        row = {"id": key, "project_id": project_id, "user_id": user_id, "role": role}
        await connection.execute(sa.insert(MEMBERS).values(**row))
        after = {"user_id": user_id, "role": role}
        await audit.append(actor, Change("member:add", "member", key, project_id, after=after))
    return key


async def change(actor: Actor, project_id: uuid.UUID, member_id: uuid.UUID, **fields: Role | bool) -> None:
    """Set `role`, `is_executive` or both; Conflict when it would leave the project without an owner."""
    async with database.transaction() as connection:
        await projects.lock(project_id)
        await audit.keep_role(actor, project_id)
        member = await find(project_id, member_id)
        after = {name: value for name, value in fields.items() if value != member[name]}
        if not after:
            return
        await connection.execute(sa.update(MEMBERS).where(MEMBERS.c.id == member_id).values(after))
        await keep_an_owner(project_id)
        before = {name: member[name] for name in after}
        action = "member:role" if "role" in after else "member:executive"
        await audit.append(actor, Change(action, "member", member_id, project_id, before=before, after=after))


async def remove(actor: Actor, project_id: uuid.UUID, member_id: uuid.UUID) -> None:
    """Conflict when it would leave the project without an owner."""
    async with database.transaction() as connection:
        await projects.lock(project_id)
        await audit.keep_role(actor, project_id)
        member = await find(project_id, member_id)
        await connection.execute(sa.delete(MEMBERS).where(MEMBERS.c.id == member_id))
        await keep_an_owner(project_id)
        before = {"user_id": member["user_id"], "role": member["role"]}
        await audit.append(actor, Change("member:remove", "member", member_id, project_id, before=before))


async def keep_an_owner(project_id: uuid.UUID) -> None:
    """Sure only under the project's lock: two owners could both step down at once."""
    able = sa.and_(MEMBERS.c.role == Role.OWNER, USERS.c.is_active)
    async with database.connection() as connection:
        if (await connection.execute(of_project(project_id).where(able).limit(1))).one_or_none() is None:
            raise Conflict("A project needs an owner. Make someone else an owner first.")

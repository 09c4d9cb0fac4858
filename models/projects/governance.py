"""What is decided about a project as a whole: its name, who may read it, who answers for it, whether it goes on."""

import uuid
from typing import Any

import sqlalchemy as sa

from errors import Conflict, FieldProblem, Invalid, OutOfDate
from models.audit import audit
from models.audit.audit import Actor, Change
from models.enumerations import Role, Visibility
from models.projects import members, projects
from models.projects.projects import MEMBERS, PROJECTS
from models.storage.columns import utc_now
from models.storage.database import database
from models.users.users import User

USERS = User.ormar_config.table


async def edit(actor: Actor, project_id: uuid.UUID, version: int, **fields: str) -> None:
    """Change name, description or both; an edit that changes nothing leaves no entry.

    OutOfDate when `version` is not the current one: then nothing is changed.
    """
    async with database.transaction():
        now = await held(project_id)
        if now["version"] != version:
            raise OutOfDate
        after = {name: value for name, value in fields.items() if value != now[name]}
        if after:
            await record(actor, now, "project:edit", after)


async def set_visibility(actor: Actor, project_id: uuid.UUID, visibility: Visibility, reason: str) -> None:
    """Who may read a project is a decision that somebody answers for; Conflict when it is so already."""
    async with database.transaction():
        now = await held(project_id)
        if now["visibility"] is visibility:
            raise Conflict(f"This project is {visibility} already. Nothing was changed.")
        await record(actor, now, "project:visibility", {"visibility": visibility}, reason)


async def archive(actor: Actor, project_id: uuid.UUID, reason: str) -> None:
    """From the commit on nothing in the project changes; writes under way are waited for, later ones are refused."""
    async with database.transaction() as connection:
        # FOR UPDATE, unlike `projects.lock`: audit.keep_role waits for it, and it for audit.keep_role.
        await connection.execute(sa.select(PROJECTS.c.id).where(PROJECTS.c.id == project_id).with_for_update())
        await audit.keep_role(actor, project_id)
        await record(actor, await held(project_id), "project:archive", {"archived_date": utc_now()}, reason)


async def unarchive(actor: Actor, project_id: uuid.UUID, reason: str) -> None:
    """Conflict when it is not archived."""
    async with database.transaction():
        now = await held(project_id)
        if now["archived_date"] is None:
            raise Conflict("This project is not archived. Nothing was changed.")
        await record(actor, now, "project:unarchive", {"archived_date": None}, reason)


async def transfer(actor: Actor, project_id: uuid.UUID, member_id: uuid.UUID, own_role: Role, reason: str) -> None:
    """Make a member the owner; who was it has `own_role` from then on. Invalid for who cannot answer for a project."""
    async with database.transaction() as connection:
        now = await held(project_id)
        await audit.keep_role(actor, project_id)
        mine = await connection.execute(
            sa.select(MEMBERS.c.id).where(MEMBERS.c.project_id == project_id, MEMBERS.c.user_id == actor.user_id)
        )
        old_id = mine.scalar_one()
        heir = await members.find(project_id, member_id)
        able = sa.select(USERS.c.is_active & USERS.c.is_verified).where(USERS.c.id == heir["user_id"])
        if member_id == old_id or not (await connection.execute(able)).scalar_one():
            raise Invalid(problems=[FieldProblem("member_id", "Choose another member, whose account is in use")])
        changes = [
            await gives_role(project_id, key, before, after)
            for key, before, after in ((member_id, heir["role"], Role.OWNER), (old_id, Role.OWNER, own_role))
            if before is not after
        ]
        before, after = {"owner": str(actor.user_id)}, {"owner": str(heir["user_id"])}
        if not changes:
            raise Conflict("This member owns the project already. Nothing was changed.")
        told = Change(
            "project:transfer", "project", now["id"], now["id"], before=before, after=after, reason=reason or None
        )
        await audit.append(actor, told, *changes)


async def gives_role(project_id: uuid.UUID, member_id: uuid.UUID, before: Role, after: Role) -> Change:
    async with database.connection() as connection:
        await connection.execute(sa.update(MEMBERS).where(MEMBERS.c.id == member_id).values(role=after))
    return Change("member:role", "member", member_id, project_id, before={"role": before}, after={"role": after})


async def held(project_id: uuid.UUID) -> dict[str, Any]:
    """The project as it is, locked until the commit."""
    await projects.lock(project_id)
    async with database.connection() as connection:
        return dict((await connection.execute(sa.select(PROJECTS).where(PROJECTS.c.id == project_id))).mappings().one())


async def record(
    actor: Actor, now: dict[str, Any], action: str, after: dict[str, Any], reason: str | None = None
) -> None:
    """Store the fields as the next version and tell history."""
    version = now["version"] + 1
    values = {**after, "version": version}
    async with database.connection() as connection:
        await connection.execute(sa.update(PROJECTS).where(PROJECTS.c.id == now["id"]).values(values))
    before = {name: now[name] for name in after}
    change = Change(action, "project", now["id"], now["id"], version, before=before, after=after, reason=reason)
    await audit.append(actor, change)

"""A project keeps an owner who can sign in."""

import pytest
import sqlalchemy as sa

from errors import Conflict, NotFound
from models.audit.audit import Actor
from models.enumerations import Role
from models.projects import members
from models.storage.columns import new_id
from models.storage.database import Database
from models.users.people import USERS, Viewer
from tests.models.projects.test_projects import a_person, a_project

COLLEAGUE = Viewer(colleague=True)


async def test_an_owner_who_cannot_sign_in_is_none(database: Database) -> None:
    """Else nobody could ever manage the project again."""
    ada, grace = await a_person("ada"), await a_person("grace")
    project, actor = await a_project(ada), Actor(ada)
    await members.add(actor, project, grace, Role.OWNER)
    [mine] = [member["id"] for member in await members.listed(project) if member["user_id"] == ada]
    async with database.transaction() as connection:
        await connection.execute(sa.update(USERS).where(USERS.c.id == grace).values(is_active=False))
    with pytest.raises(Conflict):
        await members.remove(actor, project, mine)
    with pytest.raises(Conflict):
        await members.change(actor, project, mine, role=Role.CSO)
    async with database.transaction() as connection:
        await connection.execute(sa.update(USERS).where(USERS.c.id == grace).values(is_active=True))
    await members.remove(actor, project, mine)
    assert [member["user_id"] for member in await members.listed(project)] == [grace]


async def test_a_member_belongs_to_one_project(database: Database) -> None:
    ada = await a_person("ada")
    project, other = await a_project(ada), await a_project(ada)
    [member] = await members.listed(project)
    assert (await members.find(project, member["id"], COLLEAGUE))["email_address"] == "ada@example.org"
    for where, who in ((other, member["id"]), (project, new_id())):
        with pytest.raises(NotFound):
            await members.find(where, who)
        with pytest.raises(NotFound):
            await members.change(Actor(ada), where, who, role=Role.CSO)
        with pytest.raises(NotFound):
            await members.remove(Actor(ada), where, who)


async def test_a_person_is_a_member_once(database: Database) -> None:
    ada = await a_person("ada")
    project = await a_project(ada)
    with pytest.raises(Conflict):
        await members.add(Actor(ada), project, ada, Role.VIEWER)
    assert [member["role"] for member in await members.listed(project)] == [Role.OWNER]

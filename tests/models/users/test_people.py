"""Who is shown a name and an address: each audience against each kind of who looks."""

from dataclasses import replace
from uuid import UUID

import pytest
import sqlalchemy as sa

from models.audit.audit import Actor
from models.enumerations import Audience, Role
from models.projects import members
from models.projects.projects import MEMBERS
from models.storage.columns import new_id
from models.storage.database import Database
from models.users import people
from models.users.people import ANYONE, UNNAMED, USERS, Viewer
from tests.authentication import stored
from tests.models.projects.test_projects import a_person, a_project

STRANGER = Viewer(new_id(), new_id())


@pytest.fixture
async def viewers(database: Database) -> dict[str, Viewer]:
    """Ada, and those who look at her; Grace shares another project with her than the one that is looked at."""
    ada, grace = await a_person("ada"), await a_person("grace")
    await members.add(Actor(ada), await a_project(ada), grace, Role.VIEWER)
    await a_project(grace)
    return {
        "anyone": ANYONE,
        "stranger": STRANGER,
        "self": Viewer(ada, ada),
        "self, unverified": Viewer(ada),
        "shares a project": Viewer(grace, grace),
        "shares a project, unverified": Viewer(grace),
        "member here": replace(STRANGER, colleague=True),
    }


SEEN_BY = {
    Audience.NOBODY: {"self", "self, unverified"},
    Audience.MEMBERS: {"self", "self, unverified", "shares a project", "member here"},
    Audience.SIGNED_IN: {
        *("self", "self, unverified", "stranger", "shares a project"),
        *("shares a project, unverified", "member here"),
    },
    Audience.EVERYONE: {
        *("anyone", "self", "self, unverified", "stranger", "shares a project"),
        *("shares a project, unverified", "member here"),
    },
}


async def look(viewer: Viewer, person: str) -> tuple[str, str | None]:
    columns = people.name(viewer).label("name"), people.email_address(viewer).label("email_address")
    (row,) = await stored.rows(sa.select(*columns).where(USERS.c.email_address == f"{person}@example.org"))
    return row["name"], row["email_address"]


@pytest.mark.parametrize("audience", Audience)
async def test_each_audience(viewers: dict[str, Viewer], audience: Audience) -> None:
    ada = viewers["self"].user_id or UUID(int=0)
    hidden = await look(ANYONE, "ada")
    assert hidden == (UNNAMED, None), "by default nobody is shown to those who are not signed in"
    await stored.set_user(ada, name_shown_to=audience, email_shown_to=Audience.NOBODY)
    names = {kind for kind, viewer in viewers.items() if (await look(viewer, "ada"))[0] != UNNAMED}
    assert names == SEEN_BY[audience]
    await stored.set_user(ada, name_shown_to=Audience.NOBODY, email_shown_to=audience)
    addresses = {kind for kind, viewer in viewers.items() if (await look(viewer, "ada"))[1] is not None}
    assert addresses == SEEN_BY[audience]


async def test_by_default(viewers: dict[str, Viewer]) -> None:
    seen = {kind: await look(viewer, "ada") for kind, viewer in viewers.items()}
    assert seen["anyone"] == (UNNAMED, None)
    assert seen["stranger"][0] != UNNAMED
    assert seen["stranger"][1] is None
    assert seen["shares a project"][1] == seen["member here"][1] == "ada@example.org"


async def test_who_left_the_last_shared_project_is_a_stranger(viewers: dict[str, Viewer]) -> None:
    ada, grace = viewers["self"], viewers["shares a project"]
    await stored.set_user(ada.user_id or UUID(int=0), name_shown_to=Audience.MEMBERS)
    assert (await look(grace, "ada"))[0] != UNNAMED
    await stored.change(sa.delete(MEMBERS).where(MEMBERS.c.user_id == grace.user_id))
    assert await look(grace, "ada") == (UNNAMED, None)


async def test_nobody_has_no_name(database: Database) -> None:
    """An assessment of an imported log was made by nobody we know."""
    of_nobody = sa.select(people.name(ANYONE).label("name")).select_from(
        sa.select(sa.literal(1).label("one")).subquery().outerjoin(USERS, sa.false())
    )
    assert await stored.rows(of_nobody) == [{"name": None}]

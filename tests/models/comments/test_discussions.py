"""Comments: whom they mean and who is told, what is new to whom, and that nothing said is lost."""

from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa

from errors import Invalid, NotFound
from models.audit.audit import COMMAND_LINE, Actor
from models.comments import discussions, hazard_notices
from models.enumerations import NoticeKind, Role
from models.hazards.hazards import Hazard
from models.projects import members
from models.storage.columns import new_id
from models.storage.database import Database
from models.users.people import USERS, Viewer
from tests.models.samples import make_hazard, make_user


class Team:
    """A hazard and three members of its project: ada, bob, eve."""

    def __init__(self, hazard: Hazard, people: dict[str, UUID]) -> None:
        self.hazard, self.people = hazard, people
        self.project: UUID = hazard.project.id

    async def say(self, who: str, body: str = "Is it so?", *mentioned: UUID) -> UUID:
        return await discussions.write(Actor(self.people[who]), self.project, self.hazard.id, body, mentioned)

    async def told(self, who: str) -> list[str]:
        found, _ = await hazard_notices.page(self.people[who], 1, 100)
        return [one["kind"] for one in reversed(found)]

    async def new_to(self, who: str) -> int:
        return (await discussions.unread([self.hazard.id], self.people[who])).get(self.hazard.id, 0)


@pytest.fixture
async def team(database: Database) -> Team:
    hazard, people = await make_hazard(), {}
    for name, role in (("ada", Role.OWNER), ("bob", Role.REVIEWER), ("eve", Role.VIEWER)):
        people[name] = (await make_user(f"{name}.member@example.org")).id
        await members.add(COMMAND_LINE, hazard.project.id, people[name], role)
        async with database.transaction() as connection:
            values = {"username": name, "is_verified": True}
            await connection.execute(sa.update(USERS).where(USERS.c.id == people[name]).values(**values))
    return Team(hazard, people)


@pytest.mark.parametrize(
    ("body", "meant"),
    [
        ("@ada, is it so? Ask @EVE.", ["ada", "eve"]),
        ("ada@example.org, x@ada, @@ada, @nobody, @ad", []),
        ("(@ada) @ada", ["ada"]),
    ],
)
async def test_a_username_of_a_member_is_a_mention(team: Team, body: str, meant: list[str]) -> None:
    await team.say("bob", body)
    for name in ("ada", "eve"):
        assert await team.told(name) == ([NoticeKind.MENTION] if name in meant else [])
    [comment] = await discussions.newest(team.hazard.id, Viewer(team.people["ada"], colleague=True))
    assert (comment["body"], {one["user_id"] for one in comment["mentions"]}) == (
        body,
        {team.people[name] for name in meant},
    )


async def test_who_is_no_member_cannot_be_chosen(team: Team) -> None:
    stranger = await make_user("stranger@example.org")
    for other in (stranger.id, new_id()):
        with pytest.raises(Invalid):
            await team.say("ada", "Look", other)
    with pytest.raises(NotFound):
        await discussions.write(Actor(team.people["ada"]), new_id(), team.hazard.id, "Look")
    assert await discussions.counts(team.hazard.id, team.people["bob"]) == (0, 0)


async def test_who_took_part_or_owns_the_hazard_is_told(team: Team, database: Database) -> None:
    async with database.transaction() as connection:
        owned = sa.update(hazard_notices.HAZARDS).values(owner_id=team.people["eve"])
        await connection.execute(owned)
    await team.say("ada")
    await team.say("bob", "It is", team.people["ada"])
    await team.say("bob", "Or is it?")
    assert await team.told("ada") == [NoticeKind.MENTION, NoticeKind.COMMENT]
    assert await team.told("bob") == []
    assert await team.told("eve") == [NoticeKind.COMMENT] * 3


async def test_what_is_newer_than_the_last_look_is_unread(team: Team, database: Database) -> None:
    await team.say("ada")
    await team.say("bob")
    viewer, actor = Viewer(team.people["ada"], colleague=True), Actor(team.people["ada"])
    assert [await team.new_to(name) for name in ("ada", "bob", "eve")] == [1, 1, 2]
    shown = await discussions.page(team.hazard.id, viewer, 1, 20)
    assert [one["is_unread"] for one in shown] == [False, True]
    await team.say("bob", "After the page was shown")
    assert await discussions.mark_read(actor, team.hazard.id, shown[0]["created_date"] - timedelta(days=1)) == 0
    assert await discussions.mark_read(actor, team.hazard.id, shown[1]["created_date"]) == 1
    assert (await team.new_to("ada"), await hazard_notices.unread(team.people["ada"])) == (1, 1)
    assert await discussions.mark_read(actor, team.hazard.id) == 1
    assert await discussions.mark_read(actor, team.hazard.id) == 0
    assert (await team.new_to("ada"), await hazard_notices.unread(team.people["ada"])) == (0, 0)
    assert await team.new_to("eve") == 3


async def test_who_was_removed_is_told_nothing_and_sees_nothing(team: Team) -> None:
    await team.say("ada", "@bob @eve")
    assert await hazard_notices.unread(team.people["bob"]) == 1
    for one in await members.listed(team.project):
        if one["user_id"] == team.people["bob"]:
            await members.remove(COMMAND_LINE, team.project, one["id"])
    await team.say("ada", "@bob @eve")
    assert (await team.told("bob"), await hazard_notices.unread(team.people["bob"])) == ([], 0)
    assert await team.told("eve") == [NoticeKind.MENTION] * 2


async def test_many_comments_are_read_in_pages(team: Team) -> None:
    keys = [await team.say("ada", f"Number {number}") for number in range(23)]
    viewer = Viewer(team.people["eve"], colleague=True)
    assert [one["id"] for one in await discussions.newest(team.hazard.id, viewer)] == keys[3:]
    assert [one["id"] for one in await discussions.page(team.hazard.id, viewer, 3, 10)] == keys[20:]
    assert await discussions.unread([], team.people["eve"]) == {}

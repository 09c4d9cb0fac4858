"""Who sees which project."""

from uuid import UUID

from models.audit.audit import COMMAND_LINE, Actor
from models.enumerations import Role, Standard, Visibility
from models.projects import members, projects
from models.storage.columns import new_id
from models.storage.database import Database
from models.users import accounts


async def a_person(name: str) -> UUID:
    fields = {"first_name": name.title(), "last_name": "Example"}
    return await accounts.create(COMMAND_LINE, email_address=f"{name}@example.org", password_hash="none", **fields)


async def a_project(owner: UUID, name: str = "Ward tablets", visibility: Visibility = Visibility.PRIVATE) -> UUID:
    about = {"description": "", "standard": Standard.DCB0129, "visibility": visibility}
    return await projects.create(Actor(owner), owner, name=name, **about)


async def names(user: UUID, search: str = "", page: int = 1, limit: int = 10) -> list[str]:
    found, _ = await projects.page(user, search, page, limit)
    return [project.name for project in found]


async def test_members_see_what_others_do_not(database: Database) -> None:
    ada, grace = await a_person("ada"), await a_person("grace")
    private = await a_project(ada, "Private")
    public = await a_project(ada, "Public", Visibility.PUBLIC)
    assert (await names(ada), await names(grace)) == (["Private", "Public"], ["Public"])
    assert await projects.visible(private, grace) is None
    assert await projects.visible(private, None) is None
    seen = await projects.visible(public, None)
    assert seen is not None
    assert (seen.name, seen.role, seen.visibility) == ("Public", None, Visibility.PUBLIC)
    await members.add(Actor(ada), private, grace, Role.VIEWER)
    seen = await projects.visible(private, grace)
    assert seen is not None
    assert seen.role is Role.VIEWER
    assert await names(grace) == ["Private", "Public"]


async def test_a_project_of_many_members_is_listed_once(database: Database) -> None:
    ada = await a_person("ada")
    project = await a_project(ada, visibility=Visibility.PUBLIC)
    for name in ("grace", "joan", "mary"):
        await members.add(Actor(ada), project, await a_person(name), Role.CONTRIBUTOR)
    assert await names(ada) == ["Ward tablets"]
    assert await projects.page(ada, "", 1, 10) == ([await projects.visible(project, ada)], 1)


async def test_equal_names_stay_in_one_order(database: Database) -> None:
    ada = await a_person("ada")
    keys = sorted([await a_project(ada, "Same") for _ in range(5)])
    found = [(await projects.page(ada, "same", page, 2))[0] for page in (1, 2, 3)]
    assert [project.id for page in found for project in page] == keys


async def test_what_is_not_there_is_not_seen(database: Database) -> None:
    assert await projects.visible(new_id(), await a_person("ada")) is None

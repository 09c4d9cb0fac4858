"""The list of projects shows what its reader may see, finds names as they are typed, and comes in pages."""

from tests.clients import Person
from tests.endpoints.projects.traces import refused


async def make(person: Person, name: str, visibility: str = "private") -> None:
    answer = await person.client.post("/projects/create/", json={"name": name, "visibility": visibility})
    assert answer.status_code == 201, answer.text


async def names(person: Person, **query: str | int) -> list[str]:
    answer = await person.client.get("/projects/", params=query)
    assert answer.status_code == 200, answer.text
    return [project["name"] for project in answer.json()["data"]]


async def test_only_what_the_caller_may_see(owner: Person, stranger: Person, administrator: Person) -> None:
    await make(owner, "Secret")
    await make(owner, "Open", "public")
    await make(stranger, "Own")
    assert await names(owner) == ["Open", "Secret"]
    assert await names(stranger) == ["Open", "Own"]
    # To administer a service is not to read the clinical work in it.
    assert await names(administrator) == ["Open"]


async def test_the_role_of_the_caller_stands_beside_each(owner: Person, stranger: Person) -> None:
    await make(owner, "Open", "public")
    roles = [(await person.client.get("/projects/")).json()["data"][0]["role"] for person in (owner, stranger)]
    assert roles == ["owner", None]


async def test_names_are_sorted_whatever_their_case(owner: Person) -> None:
    for name in ("beta", "Alpha", "alpha two", "Gamma"):
        await make(owner, name)
    assert await names(owner) == ["Alpha", "alpha two", "beta", "Gamma"]


async def test_a_search_means_what_was_typed(owner: Person) -> None:
    for name in ("50% done", "snake_case", "back\\slash", "a/b"):
        await make(owner, name)
    found = {
        "%": ["50% done"],
        "_": ["snake_case"],
        "\\": ["back\\slash"],
        "/": ["a/b"],
        "SNAKE": ["snake_case"],
        " done ": ["50% done"],
        "'; DROP TABLE projects; --": [],
        "": ["50% done", "a/b", "back\\slash", "snake_case"],
    }
    assert {search: sorted(await names(owner, search=search)) for search in found} == found


async def test_pages_hold_every_project_once(owner: Person) -> None:
    for number in range(7):
        await make(owner, f"Project {number}")
    seen = [name for page in (1, 2, 3) for name in await names(owner, page=page, limit=3)]
    assert seen == [f"Project {number}" for number in range(7)]
    second = (await owner.client.get("/projects/", params={"page": 2, "limit": 3})).json()["pagination"]
    assert second == {"total": 7, "page": 2, "page_size": 3, "total_pages": 3, "has_next": True, "has_prev": True}


async def test_a_page_behind_the_last_is_empty(owner: Person) -> None:
    answer = (await owner.client.get("/projects/", params={"page": 1_000_000, "limit": 100})).json()
    assert answer["data"] == []
    assert answer["pagination"]["total_pages"] == 1
    assert not answer["pagination"]["has_next"]


async def test_bounds_are_told(owner: Person) -> None:
    beyond = {"page": ["0", "-1", "1" * 40, "x", "1.5"], "limit": ["0", "101"], "search": ["\0", "x" * 301]}
    for name, values in beyond.items():
        for value in values:
            assert refused(await owner.client.get("/projects/", params={name: value})) == [name]

"""Creating a project: what is accepted, who owns it, and what is recorded of it."""

from typing import Any
from uuid import UUID

import httpx

from tests.clients import Person, SignUp
from tests.endpoints.projects.traces import audited, broken_trail, last_audited, refused, stored

WHOLE = {"name": "Ward round", "description": "Line one\nLine two", "standard": "DCB0160", "visibility": "public"}


async def test_a_project_is_answered_with_its_address(owner: Person) -> None:
    answer = await owner.client.post("/projects/create/", json=WHOLE)
    project = answer.json()
    assert answer.status_code == 201
    assert {name: project[name] for name in WHOLE} == WHOLE
    assert project["url"] == answer.headers["location"] == f"/projects/{project['id']}/"
    assert project["role"] == "owner"
    assert project["matrix_version"] == "nhs-2018"
    assert (await owner.client.get(project["url"])).json()["description"] == WHOLE["description"]


async def test_only_the_name_is_required_and_what_is_left_out_is_the_careful_choice(owner: Person) -> None:
    project = (await owner.client.post("/projects/create/", json={"name": "  Ward round "})).json()
    assert project["name"] == "Ward round"
    assert (project["description"], project["standard"], project["visibility"]) == ("", "DCB0129", "private")


async def test_the_creator_is_the_owner(owner: Person) -> None:
    url = (await owner.client.post("/projects/create/", json=WHOLE)).json()["url"]
    members = (await owner.client.get(f"{url}members/")).json()["data"]
    assert [(member["user_id"], member["role"]) for member in members] == [(str(owner.id), "owner")]


REFUSED: tuple[tuple[dict[str, Any], str], ...] = (
    ({"name": ""}, "name"),
    ({"name": " \t\n "}, "name"),
    ({"name": "x" * 201}, "name"),
    ({"name": "Ward\0round"}, "name"),
    ({"name": "Ward\nround"}, "name"),
    ({"name": None}, "name"),
    ({"name": ["Ward round"]}, "name"),
    ({"description": "a\0b"}, "description"),
    ({"description": None}, "description"),
    ({"standard": "DCB0130"}, "standard"),
    ({"visibility": "secret"}, "visibility"),
    ({"owner": "someone"}, "owner"),
)


async def test_what_cannot_be_is_refused(owner: Person) -> None:
    before = await stored()
    for change, field in REFUSED:
        assert refused(await owner.client.post("/projects/create/", json={**WHOLE, **change})) == [field]
    assert await stored() == before


async def test_the_longest_name_fits(owner: Person) -> None:
    answer = await owner.client.post("/projects/create/", json={"name": "\N{PILL}" * 200})
    assert answer.json()["name"] == "\N{PILL}" * 200


async def test_half_a_character_is_refused(owner: Person) -> None:
    json = {"Content-Type": "application/json"}
    answer = await owner.client.post("/projects/create/", content=b'{"name": "\\ud800"}', headers=json)
    assert refused(answer) == ["name"]


async def test_what_is_no_object_is_refused(owner: Person) -> None:
    json = {"Content-Type": "application/json"}
    for body in (b"", b"[]", b"{", b"null", b'"name"'):
        refused(await owner.client.post("/projects/create/", content=body, headers=json))


async def test_a_name_may_be_given_twice(owner: Person) -> None:
    answers = [await owner.client.post("/projects/create/", json={"name": "Ward round"}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert len({answer.json()["id"] for answer in answers}) == 2


async def test_creating_needs_a_verified_account(client: httpx.AsyncClient, sign_up: SignUp) -> None:
    refused(await client.post("/projects/create/", json=WHOLE), 401)
    newcomer = await sign_up("newcomer", is_verified=False)
    refused(await newcomer.client.post("/projects/create/", json=WHOLE), 403)


async def test_one_entry_tells_who_created_what(owner: Person) -> None:
    mark = await last_audited()
    project = (await owner.client.post("/projects/create/", json=WHOLE)).json()
    [entry] = await audited(mark)
    assert (entry["action"], entry["entity"]) == ("project:create", "project")
    assert entry["entity_id"] == entry["project_id"] == UUID(project["id"])
    assert entry["user_id"] == owner.id
    assert entry["session_id"] is not None
    assert entry["request_id"]
    assert entry["before"] is None
    assert entry["after"] == {**WHOLE, "matrix_version": "nhs-2018", "owner": str(owner.id)}


async def test_without_its_entry_nothing_is_stored(owner: Person) -> None:
    before = await stored()
    async with broken_trail():
        refused(await owner.client.post("/projects/create/", json=WHOLE), 500)
    assert await stored() == before


async def test_the_choices_are_told(owner: Person) -> None:
    assert (await owner.client.get("/projects/create/")).json() == {
        "standards": ["DCB0129", "DCB0160"],
        "visibilities": ["private", "public"],
    }

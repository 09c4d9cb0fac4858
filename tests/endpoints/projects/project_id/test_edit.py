"""What a project says of itself is changed by those who answer for it, and history tells what changed."""

from models.enumerations import Role
from tests.clients import PAGE, Person
from tests.endpoints.projects.both_texts import shown
from tests.endpoints.projects.conftest import Join
from tests.endpoints.projects.traces import audited, last_audited, refused, stored


async def test_what_is_given_changes_and_only_that_is_told(owner: Person, project: str) -> None:
    mark = await last_audited()
    assert (
        await owner.client.post(f"{project}edit/", json={"version": 1, "description": "New words"})
    ).status_code == 204
    seen = (await owner.client.get(project)).json()
    assert (seen["name"], seen["description"], seen["version"]) == ("Ward round", "New words", 2)
    [entry] = await audited(mark)
    assert entry["entity_version"] == 2
    assert (entry["action"], entry["before"], entry["after"]) == (
        "project:edit",
        {"description": ""},
        {"description": "New words"},
    )


async def test_an_edit_that_changes_nothing_leaves_no_entry(owner: Person, project: str) -> None:
    before = await stored()
    for body in ({}, {"name": " Ward round "}):
        assert (await owner.client.post(f"{project}edit/", json={"version": 1, **body})).status_code == 204
    assert await stored() == before


async def test_a_cso_may_and_what_cannot_be_is_refused(owner: Person, join: Join, project: str) -> None:
    cso = await join(Role.CSO)
    assert (await cso.client.post(f"{project}edit/", json={"version": 1, "name": "By the CSO"})).status_code == 204
    for body, field in (({"name": ""}, "name"), ({"name": "a\nb"}, "name"), ({"standard": "DCB0160"}, "standard")):
        assert refused(await owner.client.post(f"{project}edit/", json={"version": 2, **body})) == [field]


async def test_the_page_keeps_what_was_typed(owner: Person, project: str) -> None:
    answer = await owner.client.post(
        f"{project}edit/", data={"version": "1", "name": "", "description": "Kept"}, headers=PAGE
    )
    assert answer.status_code == 422
    assert ">Kept</textarea>" in answer.text


async def test_the_second_of_two_editors_is_shown_both_texts_and_merges(
    owner: Person, join: Join, project: str
) -> None:
    cso = await join(Role.CSO)
    await cso.client.post(f"{project}edit/", json={"version": 1, "description": "One\ntwo"})
    await cso.client.post(f"{project}edit/", json={"version": 2, "description": "ONE\ntwo", "name": "Ward rounds"})
    before = await stored()
    told = await owner.client.post(f"{project}edit/", json={"version": 2, "description": "Late"})
    assert (told.status_code, told.json()["current"]["description"]) == (409, "ONE\ntwo")
    mine = {"version": "2", "name": "Ward round", "description": "One\r\nTWO"}
    late = await owner.client.post(f"{project}edit/", data=mine, headers=PAGE)
    assert (late.status_code, "Somebody else changed this project while you did" in late.text) == (409, True)
    assert await stored() == before
    differing, sent = shown(late.text)
    assert differing == {"name", "description"}
    assert (await owner.client.post(f"{project}edit/", data=sent, headers=PAGE)).status_code == 303
    seen = (await owner.client.get(project)).json()
    assert (seen["name"], seen["description"], seen["version"]) == ("Ward rounds", "ONE\nTWO", 4)

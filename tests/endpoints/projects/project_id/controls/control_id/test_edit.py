"""Changing a control: a second editor is told, and keeps their text."""

from tests.clients import PAGE, Person
from tests.endpoints.projects.project_id.controlling import control_of
from tests.endpoints.projects.traces import refused, stored


async def test_a_stale_version_changes_nothing(owner: Person, project: str) -> None:
    control = await control_of(owner, project)
    answer = await owner.client.post(f"{control}edit/", json={"version": 1, "description": "Loud alarm"})
    assert (answer.json()["version"], answer.json()["description"]) == (2, "Loud alarm")
    before = await stored()
    refused(await owner.client.post(f"{control}edit/", json={"version": 1, "description": "Late"}), 409)
    for change in (
        {"description": ""},
        {"description": None},
        {"preference": 0},
        {"stage": "existing"},
        {"version": 0},
    ):
        refused(await owner.client.post(f"{control}edit/", json={"version": 2, **change}))
    assert await stored() == before


async def test_a_browser_that_comes_too_late_keeps_its_text(owner: Person, project: str) -> None:
    control = await control_of(owner, project)
    await owner.client.post(f"{control}edit/", json={"version": 1, "description": "Stored meanwhile"})
    form = {"version": "1", "description": "Typed text", "kind": "", "preference": ""}
    page = await owner.client.post(f"{control}edit/", data=form, headers=PAGE)
    assert page.status_code == 409
    assert "Typed text" in page.text
    assert "Stored meanwhile" in page.text

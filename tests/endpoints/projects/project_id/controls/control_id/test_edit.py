"""Changing a control: a second editor is told, and keeps their text."""

from tests.clients import PAGE, Person
from tests.endpoints.projects.both_texts import shown
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


async def test_the_second_of_two_editors_is_shown_both_texts_and_merges(owner: Person, project: str) -> None:
    control = await control_of(owner, project)
    first = {"version": 1, "description": "One\ntwo", "kind": "test", "due_date": "2027-03-31"}
    await owner.client.post(f"{control}edit/", json=first)
    theirs = {"version": 2, "description": "ONE\ntwo", "kind": "design", "organisation": "Trust"}
    await owner.client.post(f"{control}edit/", json=theirs)
    mine = {"version": "2", "description": "One\r\nTWO", "kind": "training", "preference": "2", "organisation": ""}
    mine |= {
        "due_date-day": "31",
        "due_date-month": "3",
        "due_date-year": "2027",
        "evidence": "<b>Mine",
        "owner_id": "",
    }
    before = await stored()
    late = await owner.client.post(f"{control}edit/", data=mine, headers=PAGE)
    assert (late.status_code, "Somebody else changed this control while you did" in late.text) == (409, True)
    assert ("Changed by Owner Example" in late.text, "Design" in late.text, "Training" in late.text) == (
        True,
        True,
        True,
    )
    assert await stored() == before
    differing, sent = shown(late.text)
    assert differing == {"description", "kind", "preference", "organisation", "evidence"}
    assert (sent["version"], sent["due_date"]) == (["3"], ["2027-03-31"])
    sent["kind-take"] = ["theirs"]
    assert (await owner.client.post(f"{control}edit/", data=sent, headers=PAGE)).status_code == 303
    after = (await owner.client.get(control)).json()
    texts = (after["description"], after["kind"], after["organisation"], after["evidence"], after["due_date"])
    assert texts == ("ONE\nTWO", "design", "Trust", "<b>Mine", "2027-03-31")
    assert after["version"] == 4

"""Changing many hazards at once: chosen in the log, looked at, then changed with one justification."""

import re

import httpx
import pytest

from models.audit.audit import Actor
from models.enumerations import Role
from models.hazards import hazard_additions
from models.hazards.hazard_additions import NewHazard
from tests.clients import PAGE, Person
from tests.endpoints.projects.conftest import Join
from tests.endpoints.projects.project_id.hazards.hazard_id import decisions
from tests.endpoints.projects.traces import key_of, refused, stored

WHY = {"justification": "As agreed"}


@pytest.fixture
async def keys(owner: Person, project: str) -> list[str]:
    names = ("Wrong patient", "Late result", "Wrong dose")
    made = [await owner.client.post(f"{project}hazards/create/", json={"name": name}) for name in names]
    return [one.json()["id"] for one in made]


async def test_from_the_log_to_the_change_in_a_browser(owner: Person, project: str, keys: list[str]) -> None:
    log = (await owner.client.get(f"{project}hazards/", headers=PAGE)).text
    assert re.findall(r'form="bulk" name="hazard_ids" value="([^"]+)"', log) == keys
    for query, shown in ((f"hazard_ids={keys[0]}&hazard_ids={keys[2]}", 2), ("", 0)):
        page = (await owner.client.get(f"{project}hazards/bulk/?action=owner&{query}", headers=PAGE)).text
        assert page.count('type="hidden" name="hazard_ids"') == shown
    query = f"action=type_add&whole_page=true&hazard_ids={keys[0]}&" + "&".join(f"on_page={key}" for key in keys)
    address = f"{project}hazards/bulk/?{query}"
    assert "3 hazards" in (await owner.client.get(address, headers=PAGE)).text
    form = {"hazard_ids": keys, "action": "type_add", "value": "Data breach", "justification": ""}
    answer = await owner.client.post(address, data=form, headers=PAGE)
    assert answer.status_code == 422
    assert '<option value="Data breach" selected>' in answer.text
    unknown = await owner.client.post(address, data={**form, **WHY, "value": "Identity"}, headers=PAGE)
    assert unknown.status_code == 422
    assert "is not in the list of this project" in unknown.text
    answer = await owner.client.post(address, data={**form, **WHY}, headers=PAGE)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{project}hazards/?after=hazards")
    listed = (await owner.client.get(f"{project}hazards/")).json()["data"]
    assert [one["types"] for one in listed] == [["Data breach"]] * 3
    [latest, _] = (await owner.client.get(f"{project}hazards/{keys[0]}/history/")).json()["versions"]
    assert latest["reason"] == "As agreed"


async def test_all_that_a_filter_finds_is_shown_and_changed(owner: Person, project: str, keys: list[str]) -> None:
    log = (await owner.client.get(f"{project}hazards/?search=wrong&status=open&limit=1", headers=PAGE)).text
    assert 'name="all_found" value="true"> All 2 that the filter finds' in log
    assert re.findall(r'<input type="hidden" name="(search|status)" value="(\w+)">', log) == [
        ("search", "wrong"),
        ("status", "open"),
    ]
    address = f"{project}hazards/bulk/?search=wrong&status=open&action=type_add&all_found=true"
    page = (await owner.client.get(address, headers=PAGE)).text
    shown = re.findall(r'type="hidden" name="hazard_ids" value="([^"]+)"', page)
    assert shown == [keys[0], keys[2]]
    assert f'href="{project}hazards/?search=wrong&amp;status=open">Cancel' in page
    form = {"hazard_ids": shown, "action": "type_add", "value": "Data breach", **WHY}
    answer = await owner.client.post(address, data=form, headers=PAGE)
    assert answer.status_code == 303
    back = await owner.client.get(answer.headers["location"], headers=PAGE)
    assert "The hazards that you chose are changed" in back.text
    assert "Remove the filter Status: Open" in re.sub("<[^>]+>", "", back.text)
    listed = (await owner.client.get(f"{project}hazards/")).json()["data"]
    assert [one["types"] for one in listed] == [["Data breach"], [], ["Data breach"]]


async def test_who_saw_another_list_is_told_and_shown_the_new_one(owner: Person, project: str, keys: list[str]) -> None:
    address = f"{project}hazards/bulk/?search=wrong&action=type_add&all_found=true"
    form = {"hazard_ids": [keys[0], keys[2]], "action": "type_add", "value": "Data breach", **WHY}
    other = {"name": "The right dose", "version": 1}
    assert (await owner.client.post(f"{project}hazards/{keys[2]}/edit/", json=other)).status_code == 200
    await owner.client.post(f"{project}hazards/create/", json={"name": "Wrong ward"})
    before = await stored()
    answer = await owner.client.post(address, json=form)
    assert refused(answer, 409) == ["hazard_ids"] * 2
    said = [problem["message"].partition(". ")[2] for problem in answer.json()["errors"]]
    assert said == ["It now has HAZ-004.", "It no longer has HAZ-003."]
    assert await stored() == before
    page = await owner.client.post(address, data=form, headers=PAGE)
    assert page.status_code == 409
    assert "1 came, 1 went" in page.text
    shown = re.findall(r'type="hidden" name="hazard_ids" value="([^"]+)"', page.text)
    assert (await owner.client.post(address, data={**form, "hazard_ids": shown}, headers=PAGE)).status_code == 303
    listed = (await owner.client.get(f"{project}hazards/", params={"type": "Data breach"})).json()["data"]
    assert [one["number"] for one in listed] == [1, 4]


async def test_a_program_names_a_filter_alone(owner: Person, project: str, keys: list[str]) -> None:
    place, body = f"{project}hazards/bulk/", {"action": "type_add", "value": "Data breach", **WHY}
    answer = await owner.client.post(place, params={"all_found": "true", "search": "late"}, json=body)
    assert (answer.status_code, answer.json()["changed"]) == (200, 1)
    assert refused(await owner.client.post(place, json=body)) == ["hazard_ids"]
    nothing = await owner.client.post(place, params={"all_found": "true", "search": "nothing"}, json=body)
    assert refused(nothing) == ["hazard_ids"]
    strange = {**body, "hazard_ids": ["00000000-0000-7000-8000-000000000000"]}
    assert (await owner.client.post(place, params={"all_found": "true"}, json=strange)).status_code == 404
    assert len(keys) == len((await owner.client.get(place, params={"all_found": "true"})).json()["hazards"])


async def test_a_filter_that_finds_too_many_is_refused_with_their_number(owner: Person, project: str) -> None:
    await hazard_additions.create(Actor(owner.id), key_of(project), [NewHazard("One of many")] * 501)
    address = f"{project}hazards/bulk/?action=type_add&all_found=true"
    shown = (await owner.client.get(address)).json()
    assert (shown["found"], shown["most"], shown["hazards"]) == (501, 500, [])
    assert "finds 501 hazards, and at most 500" in (await owner.client.get(address, headers=PAGE)).text
    body = {"action": "type_add", "value": "Data breach", **WHY}
    before = await stored()
    answer = await owner.client.post(address, json=body)
    assert refused(answer) == ["hazard_ids"]
    assert answer.json()["errors"][0]["message"].startswith("The filter finds 501 hazards")
    assert await stored() == before
    answer = await owner.client.post(f"{address}&search=haz-7", json=body)
    assert (answer.status_code, answer.json()["changed"]) == (200, 1)


async def test_what_is_done_is_counted_and_what_is_refused_is_listed(
    owner: Person, project: str, keys: list[str]
) -> None:
    for key in keys:
        await decisions.leave_to_deployer(owner, f"{project}hazards/{key}/")
    body = {"hazard_ids": [keys[0]], "action": "transfer", **WHY}
    answer = await owner.client.post(f"{project}hazards/bulk/", json=body)
    assert (answer.status_code, answer.json()["changed"], answer.json()["unchanged"]) == (200, 1, 0)
    before = await stored()
    answer = await owner.client.post(f"{project}hazards/bulk/", json={**body, "hazard_ids": keys})
    assert refused(answer, 409) == ["hazard_ids"]
    assert answer.json()["errors"][0]["message"].startswith("HAZ-001: is transferred already")
    assert await stored() == before


async def test_who_writes_and_who_changes_a_status(owner: Person, join: Join, project: str, keys: list[str]) -> None:
    contributor, reviewer = await join(Role.CONTRIBUTOR), await join(Role.REVIEWER)
    body = {"hazard_ids": keys, "action": "owner", "value": str(contributor.id), **WHY}
    assert (await reviewer.client.post(f"{project}hazards/bulk/", json=body)).status_code == 403
    assert (
        await contributor.client.post(f"{project}hazards/bulk/", json={**body, "action": "close"})
    ).status_code == 403
    answer = await contributor.client.post(f"{project}hazards/bulk/", json=body)
    assert (answer.status_code, answer.json()["changed"]) == (200, 3)
    log = (await contributor.client.get(f"{project}hazards/", headers=PAGE)).text
    assert 'value="owner"' in log
    assert '<option value="close">' not in log
    assert 'name="hazard_ids"' not in (await reviewer.client.get(f"{project}hazards/", headers=PAGE)).text


async def test_an_owner_is_named_to_whom_they_show_their_name(
    owner: Person, public_project: str, client: httpx.AsyncClient
) -> None:
    """No text of the log, of its history or of its past keeps the name: who reads a public project asks each time."""
    made = await owner.client.post(f"{public_project}hazards/create/", json={"name": "Wrong patient"})
    body = {"hazard_ids": [made.json()["id"]], "action": "owner", "value": str(owner.id), **WHY}
    assert (await owner.client.post(f"{public_project}hazards/bulk/", json=body)).status_code == 200
    hazard = made.json()["url"]
    places = [public_project, f"{public_project}hazards/", f"{public_project}history/", f"{public_project}as_of/"]
    for place in (*places, hazard, f"{hazard}as_of/", f"{hazard}history/"):
        for face in ({}, PAGE):
            assert "Owner Example" in (await owner.client.get(place, headers=face)).text, place
            seen = await client.get(place, headers=face)
            assert (seen.status_code, "Owner Example" in seen.text) == (200, False), place
    [bar] = (await client.get(public_project)).json()["by_owner"]
    assert bar == {"owner": "A member of this project", "owner_id": str(owner.id), "count": 1}
    found = await client.get(f"{public_project}hazards/", params={"owner_id": bar["owner_id"], "sort": "-owner"})
    assert found.json()["pagination"]["total"] == 1


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"hazard_ids": []}, ["hazard_ids"]),
        ({"hazard_ids": ["00000000-0000-7000-8000-000000000000"] * 501}, ["hazard_ids"]),
        ({"action": "delete"}, ["action"]),
        ({"justification": " "}, ["justification"]),
        ({"action": "review_date", "value": "soon"}, ["value"]),
        ({"value": "x" * 301}, ["value"]),
        ({"value": "Of no list"}, ["value"]),
    ],
)
async def test_what_is_refused(
    owner: Person, project: str, keys: list[str], changes: dict[str, object], fields: list[str]
) -> None:
    body = {"hazard_ids": keys, "action": "type_add", "value": "Data breach", **WHY}
    assert refused(await owner.client.post(f"{project}hazards/bulk/", json={**body, **changes})) == fields


async def test_hazards_of_another_project_are_not_there(
    owner: Person, project: str, public_project: str, keys: list[str]
) -> None:
    body = {"hazard_ids": keys, "action": "type_add", "value": "Data breach", **WHY}
    assert (await owner.client.post(f"{public_project}hazards/bulk/", json=body)).status_code == 404
    address = f"{public_project}hazards/bulk/?hazard_ids={keys[0]}"
    assert (await owner.client.get(address)).json()["hazards"] == []


async def test_the_log_says_how_many_comments_are_new(owner: Person, join: Join, hazard: str) -> None:
    viewer, log = await join(Role.VIEWER), hazard.rpartition("hazards/")[0] + "hazards/"
    for body in ("One", "Two"):
        await owner.client.post(f"{hazard}comments/create/", json={"body": body})
    for person, unread in ((viewer, 2), (owner, 0)):
        [found] = (await person.client.get(log)).json()["data"]
        assert found["unread_comments"] == unread
        assert ("2 new" in (await person.client.get(log, headers=PAGE)).text) == bool(unread)


async def test_an_owner_in_words_gives_way_before_the_eyes_of_who_does_it(owner: Person, project: str) -> None:
    body = {"name": "Late", "owner": "Ward 5", "owner_id": str(owner.id)}
    hazard = (await owner.client.post(f"{project}hazards/create/", json=body)).json()
    page = await owner.client.get(f"{project}hazards/bulk/?action=owner&hazard_ids={hazard['id']}", headers=PAGE)
    assert "Owner Example, in words: Ward 5" in page.text

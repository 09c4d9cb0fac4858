"""Saying something about a hazard: who may, what is kept, and what is refused."""

import pytest

from models.enumerations import Role
from tests.clients import PAGE, Person
from tests.endpoints.projects.conftest import Join
from tests.endpoints.projects.traces import audited, last_audited, refused, stored

ATTACK = "<script>alert(1)</script>\nSee https://example.org/a"


async def test_a_reviewer_comments_and_changes_nothing_else(owner: Person, join: Join, hazard: str) -> None:
    reviewer, before = await join(Role.REVIEWER), await last_audited()
    body = {"body": f"  {ATTACK}  ", "mentions": [str(owner.id)]}
    answer = await reviewer.client.post(f"{hazard}comments/create/", json=body)
    assert answer.status_code == 201, answer.text
    key = answer.json()["id"]
    assert answer.headers["location"] == f"{hazard}#comment-{key}"
    [entry] = await audited(before)
    assert (entry["action"], entry["entity"], str(entry["entity_id"])) == ("comment:create", "comment", key)
    assert entry["after"] == {"hazard_id": hazard.split("/")[-2], "body": ATTACK, "mentions": [str(owner.id)]}
    shown = (await owner.client.get(hazard)).json()
    [comment] = shown["comments"]["data"]
    assert (comment["body"], comment["written_by"], comment["is_unread"]) == (ATTACK, "Reviewer Example", True)
    assert comment["mentions"] == [{"user_id": str(owner.id), "name": "Owner Example"}]
    assert (shown["version"], shown["comments"]["unread"]) == (1, 1)
    assert (await reviewer.client.post(f"{hazard}edit/", json={"version": 1, "name": "No"})).status_code == 403
    page = (await owner.client.get(hazard, headers=PAGE)).text
    assert "&lt;script&gt;" in page
    assert 'href="https://example.org' not in page


async def test_a_viewer_reads_and_may_not_comment(owner: Person, join: Join, hazard: str) -> None:
    viewer = await join(Role.VIEWER)
    assert (await owner.client.post(f"{hazard}comments/create/", json={"body": "Look"})).status_code == 201
    assert (await viewer.client.post(f"{hazard}comments/create/", json={"body": "No"})).status_code == 403
    assert (await viewer.client.get(f"{hazard}comments/")).json()["data"][0]["body"] == "Look"
    assert "comments/create/" not in (await viewer.client.get(hazard, headers=PAGE)).text


async def test_a_closed_hazard_can_be_spoken_of(owner: Person, hazard: str, close: None) -> None:
    answer = await owner.client.post(f"{hazard}comments/create/", json={"body": "Should it be open?"})
    assert answer.status_code == 201, answer.text


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "body"),
        ({"body": " \n "}, "body"),
        ({"body": "a\0b"}, "body"),
        ({"body": "x" * 65_537}, "body"),
        ({"body": "x", "mentions": ["ada"]}, "mentions.0"),
        ({"body": "x", "mentions": ["00000000-0000-7000-8000-000000000000"]}, "mentions"),
        ({"body": "x", "written_by": "me"}, "written_by"),
    ],
)
async def test_what_is_refused_leaves_no_trace(owner: Person, hazard: str, body: object, field: str) -> None:
    before = await stored()
    assert refused(await owner.client.post(f"{hazard}comments/create/", json=body)) == [field]
    assert await stored() == before


async def test_a_refused_form_comes_back_with_who_was_chosen(owner: Person, join: Join, hazard: str) -> None:
    reviewer = await join(Role.REVIEWER)
    form = {"body": "", "mentions": str(reviewer.id)}
    answer = await owner.client.post(f"{hazard}comments/create/", data=form, headers=PAGE)
    assert answer.status_code == 422
    assert f'value="{reviewer.id}" checked' in " ".join(answer.text.split())
    answer = await owner.client.post(f"{hazard}comments/create/", data={**form, "body": "Look"}, headers=PAGE)
    assert answer.status_code == 303
    assert (await reviewer.client.get(hazard)).json()["comments"]["data"][0]["mentions"]


async def test_a_hazard_of_another_project_is_none(owner: Person, hazard: str, public_project: str) -> None:
    elsewhere = f"{public_project}hazards/{hazard.split('/')[-2]}/comments/"
    for path in (f"{elsewhere}create/", f"{elsewhere}read/"):
        assert (await owner.client.post(path, json={"body": "x"} if "create" in path else {})).status_code == 404
    assert (await owner.client.get(elsewhere)).status_code == 404

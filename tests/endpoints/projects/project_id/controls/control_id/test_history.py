"""The history of a control: every version with who, when, what and why, in words that people know."""

import re

from models.enumerations import Role
from tests.clients import PAGE, Person
from tests.endpoints.projects.conftest import Join
from tests.endpoints.projects.project_id.controlling import ALARM, control_of
from tests.endpoints.projects.traces import key_of, refused


async def test_every_version_is_told_also_in_words(owner: Person, join: Join, project: str, hazard: str) -> None:
    cso = await join(Role.CSO)
    control = await control_of(owner, project)
    edited = {"version": 1, "kind": "design", "due_date": "2027-03-31", "owner_id": str(cso.id), "evidence": "Seen"}
    await cso.client.post(f"{control}edit/", json=edited)
    await owner.client.post(f"{control}state/", json={"state": "agreed", "justification": "By the board"})
    answer = {"version": 3, "brings_hazards": True, "brings_hazards_reason": "Noise", "raised_hazards": ["HAZ-001"]}
    await owner.client.post(f"{control}new_hazards/", json=answer)
    history = (await owner.client.get(f"{control}history/")).json()
    assert [(one["version"], one["action"], one["who"], one["reason"]) for one in history["versions"]] == [
        (4, "control:answer", "Owner Example", None),
        (3, "control:state", "Owner Example", "By the board"),
        (2, "control:edit", "Cso Example", None),
        (1, "control:create", "Owner Example", None),
    ]
    assert history["names"] == {str(cso.id): "Cso Example", str(key_of(hazard)): "HAZ-001 Wrong patient selected"}
    page = (await owner.client.get(f"{control}history/", headers=PAGE)).text
    for words in ("Cso Example", "HAZ-001 Wrong patient selected", "31 March 2027", "1 of 5", "Agreed", "By the board"):
        assert words in page, words
    assert re.findall(r">[^<]*[0-9a-f]{8}-[0-9a-f]{4}-[^<]*<", page) == []
    assert f'href="{control}history/"' in (await owner.client.get(control, headers=PAGE)).text


async def test_a_control_that_came_with_a_hazard_has_its_first_version_too(owner: Person, project: str) -> None:
    body = {"name": "Late result", "existing_controls": ["Phone the ward"]}
    hazard = (await owner.client.post(f"{project}hazards/create/", json=body)).json()
    control = hazard["controls"][0]["id"]
    url = f"{project}controls/{control}/"
    await owner.client.post(f"{url}edit/", json={"version": 1, "description": "Phone the ward at once"})
    await owner.client.post(f"{hazard['url']}controls/{control}/remove/", json={})
    newest, first = (await owner.client.get(f"{url}history/")).json()["versions"]
    assert (newest["version"], newest["before"]) == (2, {"description": "Phone the ward"})
    assert (first["version"], first["action"], first["after"]["state"]) == (1, "hazard:create", "implemented")
    page = (await owner.client.get(f"{url}history/?limit=1")).json()
    assert [one["version"] for one in page["versions"]] == [2, 1]
    assert (await owner.client.get(f"{url}history/?before={first['entry']}")).json()["versions"] == []


async def test_who_may_read_the_log_may_read_it(owner: Person, stranger: Person, public_project: str) -> None:
    control = (await owner.client.post(f"{public_project}controls/create/", json=ALARM)).json()["url"]
    seen = (await stranger.client.get(f"{control}history/")).json()
    assert [one["version"] for one in seen["versions"]] == [1]
    other = f"{public_project}controls/{public_project.split('/')[2]}/history/"
    refused(await stranger.client.get(other), 404)

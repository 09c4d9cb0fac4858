"""Ending a membership."""

import asyncio

from models.enumerations import Role
from tests.clients import PAGE, Person
from tests.endpoints.projects.conftest import Join
from tests.endpoints.projects.project_id.members.member_id.test_edit import NOBODY, member_url, roles
from tests.endpoints.projects.traces import audited, last_audited, refused, stored


async def test_who_is_removed_is_shut_out_at_the_next_request(owner: Person, join: Join, project: str) -> None:
    member = await join(Role.CONTRIBUTOR)
    assert (await member.client.get(project)).status_code == 200
    answer = await owner.client.post(f"{await member_url(member, project)}remove/")
    assert (answer.status_code, answer.content) == (204, b"")
    refused(await member.client.get(project), 404)
    refused(await member.client.post(f"{project}hazards/create/", json={"name": "Too late"}), 404)
    assert await roles(owner, project) == ["owner"]


async def test_what_a_removed_member_wrote_stays(owner: Person, join: Join, project: str) -> None:
    member = await join(Role.CONTRIBUTOR)
    hazard = (await member.client.post(f"{project}hazards/create/", json={"name": "Written by a member"})).json()
    await owner.client.post(f"{await member_url(member, project)}remove/")
    [first] = (await owner.client.get(f"{hazard['url']}history/")).json()["versions"]
    assert first["who"] == "Contributor Example"


async def test_a_browser_goes_back_to_the_members(owner: Person, join: Join, project: str) -> None:
    url = await member_url(await join(Role.VIEWER), project)
    answer = await owner.client.post(f"{url}remove/", headers=PAGE)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{project}members/")


async def test_of_two_owners_who_remove_each_other_one_stays(owner: Person, join: Join, project: str) -> None:
    second = await join(Role.OWNER)
    pairs = [(owner, await member_url(second, project)), (second, await member_url(owner, project))]
    answers = await asyncio.gather(*(person.client.post(f"{url}remove/") for person, url in pairs))
    kept = sorted(answer.status_code for answer in answers)
    # The second may have been shut out before the server looked at them, or after: then the last owner is kept.
    assert kept[0] == 204
    assert kept[1] in (404, 409)
    survivor = owner if answers[0].status_code == 204 else second
    assert await roles(survivor, project) == ["owner"]


async def test_one_entry_tells_who_was_what(owner: Person, join: Join, project: str) -> None:
    member = await join(Role.REVIEWER)
    url = await member_url(member, project)
    mark = await last_audited()
    await owner.client.post(f"{url}remove/")
    [entry] = await audited(mark)
    assert entry["action"] == "member:remove"
    assert (entry["before"], entry["after"]) == ({"user_id": str(member.id), "role": "reviewer"}, None)


async def test_who_is_no_member_cannot_be_removed(owner: Person, join: Join, project: str, public_project: str) -> None:
    key = (await member_url(await join(Role.VIEWER), project)).rstrip("/").rpartition("/")[2]
    before = await stored()
    refused(await owner.client.post(f"{project}members/{NOBODY}/remove/"), 404)
    refused(await owner.client.post(f"{public_project}members/{key}/remove/"), 404)
    assert await stored() == before

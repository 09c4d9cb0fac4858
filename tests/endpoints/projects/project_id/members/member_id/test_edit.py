"""Changing what a member may do."""

import asyncio

from models.enumerations import Role
from tests.clients import Person
from tests.endpoints.projects.conftest import Join
from tests.endpoints.projects.traces import audited, broken_trail, last_audited, refused, stored

NOBODY = "00000000-0000-7000-8000-000000000000"


async def member_url(person: Person, project: str) -> str:
    """The address of a person's own membership."""
    listed = (await person.client.get(f"{project}members/")).json()["data"]
    [key] = [member["id"] for member in listed if member["user_id"] == str(person.id)]
    return f"{project}members/{key}/"


async def roles(person: Person, project: str) -> list[str]:
    return [member["role"] for member in (await person.client.get(f"{project}members/")).json()["data"]]


async def test_a_new_role_counts_at_the_next_request(owner: Person, join: Join, project: str) -> None:
    member = await join(Role.VIEWER)
    refused(await member.client.post(f"{project}hazards/create/", json={"name": "Too early"}), 403)
    answer = await owner.client.post(f"{await member_url(member, project)}edit/", json={"role": "contributor"})
    assert (answer.status_code, answer.json()["role"]) == (200, "contributor")
    assert (await member.client.post(f"{project}hazards/create/", json={"name": "Now"})).status_code == 201


async def test_the_last_owner_stays_one(owner: Person, join: Join, project: str) -> None:
    await join(Role.CSO)
    before = await stored()
    mine = await member_url(owner, project)
    refused(await owner.client.post(f"{mine}edit/", json={"role": "cso"}), 409)
    refused(await owner.client.post(f"{mine}remove/"), 409)
    assert await stored() == before


async def test_an_owner_may_step_down_when_there_is_another(owner: Person, join: Join, project: str) -> None:
    await join(Role.OWNER)
    mine = await member_url(owner, project)
    assert (await owner.client.post(f"{mine}edit/", json={"role": "viewer"})).status_code == 200
    refused(await owner.client.post(f"{mine}edit/", json={"role": "owner"}), 403)


async def test_two_owners_who_step_down_at_once_do_not_both(owner: Person, join: Join, project: str) -> None:
    second = await join(Role.OWNER)
    for _ in range(5):
        pairs = [(person, await member_url(person, project)) for person in (owner, second)]
        answers = await asyncio.gather(
            *(person.client.post(f"{url}edit/", json={"role": "cso"}) for person, url in pairs)
        )
        assert sorted(answer.status_code for answer in answers) == [200, 409]
        kept = next(pair[0] for pair, answer in zip(pairs, answers, strict=True) if answer.status_code == 409)
        other = next(pair for pair, answer in zip(pairs, answers, strict=True) if answer.status_code == 200)
        assert (await kept.client.post(f"{other[1]}edit/", json={"role": "owner"})).status_code == 200


async def test_the_role_a_member_has_already_changes_nothing(owner: Person, join: Join, project: str) -> None:
    member = await join(Role.VIEWER)
    before = await stored()
    answer = await owner.client.post(f"{await member_url(member, project)}edit/", json={"role": "viewer"})
    assert (answer.status_code, answer.json()["role"]) == (200, "viewer")
    assert await stored() == before


async def test_one_entry_tells_the_role_before_and_after(owner: Person, join: Join, project: str) -> None:
    url = await member_url(await join(Role.VIEWER), project)
    mark = await last_audited()
    await owner.client.post(f"{url}edit/", json={"role": "reviewer"})
    [entry] = await audited(mark)
    assert entry["action"] == "member:role"
    assert (entry["before"], entry["after"]) == ({"role": "viewer"}, {"role": "reviewer"})


async def test_without_its_entry_the_role_stays(owner: Person, join: Join, project: str) -> None:
    url = await member_url(await join(Role.VIEWER), project)
    before = await stored()
    async with broken_trail():
        refused(await owner.client.post(f"{url}edit/", json={"role": "owner"}), 500)
        refused(await owner.client.post(f"{url}remove/"), 500)
    assert await stored() == before


async def test_what_cannot_be_is_refused(owner: Person, join: Join, project: str, public_project: str) -> None:
    url = await member_url(await join(Role.VIEWER), project)
    key = url.rstrip("/").rpartition("/")[2]
    before = await stored()
    assert refused(await owner.client.post(f"{url}edit/", json={"role": "king"})) == ["role"]
    assert refused(await owner.client.post(f"{url}edit/", json={})) == ["role"]
    refused(await owner.client.post(f"{project}members/{NOBODY}/edit/", json={"role": "cso"}), 404)
    # A member of one project is nobody in another.
    refused(await owner.client.post(f"{public_project}members/{key}/edit/", json={"role": "cso"}), 404)
    assert await stored() == before

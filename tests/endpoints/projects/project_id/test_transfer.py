"""A project changes hands: the new owner may do all, the old one what they chose, and history tells both."""

import pytest

from models.enumerations import Role
from tests.authentication import stored as accounts
from tests.clients import PAGE, Person
from tests.endpoints.projects.conftest import Join
from tests.endpoints.projects.traces import audited, key_of, last_audited, refused, stored

NOBODY = "00000000-0000-7000-8000-000000000000"


async def keys(owner: Person, project: str) -> dict[str, str]:
    listed = (await owner.client.get(f"{project}members/")).json()["data"]
    return {member["user_id"]: member["id"] for member in listed}


@pytest.mark.parametrize("own_role", ["contributor", "owner"])
async def test_a_member_becomes_the_owner(owner: Person, join: Join, project: str, own_role: str) -> None:
    heir = await join(Role.REVIEWER)
    known, mark = await keys(owner, project), await last_audited()
    body = {"member_id": known[str(heir.id)], "own_role": own_role, "reason": "Leaves the trust"}
    assert (await owner.client.post(f"{project}transfer/", json=body)).status_code == 204
    assert (await heir.client.get(project)).json()["role"] == "owner"
    assert (await owner.client.get(project)).json()["role"] == own_role
    told, *roles = await audited(mark)
    assert (told["action"], told["after"], told["reason"]) == (
        "project:transfer",
        {"owner": str(heir.id)},
        "Leaves the trust",
    )
    assert [entry["action"] for entry in roles] == ["member:role"] * (1 if own_role == "owner" else 2)


async def test_who_cannot_answer_for_a_project_is_refused(
    owner: Person, join: Join, project: str, public_project: str
) -> None:
    heir = await join(Role.CSO)
    known, elsewhere = await keys(owner, project), await keys(owner, public_project)
    await accounts.set_user(heir.id, is_active=False)
    before = await stored()
    for key in (known[str(heir.id)], known[str(owner.id)]):
        assert refused(await owner.client.post(f"{project}transfer/", json={"member_id": key})) == ["member_id"]
    for key in (NOBODY, elsewhere[str(owner.id)]):
        refused(await owner.client.post(f"{project}transfer/", json={"member_id": key}), 404)
    assert refused(await owner.client.post(f"{project}transfer/", json={"own_role": "viewer"})) != []
    assert await stored() == before


async def test_two_owners_stay_two(owner: Person, join: Join, project: str) -> None:
    second = await join(Role.OWNER)
    body = {"member_id": (await keys(owner, project))[str(second.id)], "own_role": "owner"}
    refused(await owner.client.post(f"{project}transfer/", json=body), 409)


async def test_the_page_offers_the_others(owner: Person, join: Join, project: str) -> None:
    assert "You are the only member" in (await owner.client.get(f"{project}transfer/", headers=PAGE)).text
    await join(Role.CSO)
    page = (await owner.client.get(f"{project}transfer/", headers=PAGE)).text
    assert ("Cso Example" in page, str(key_of(project)) in page) == (True, True)

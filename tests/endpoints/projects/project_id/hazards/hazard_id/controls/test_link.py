"""A control of the project that comes to serve one hazard more."""

from tests.clients import PAGE, Person
from tests.endpoints.projects.project_id.controlling import control_of
from tests.endpoints.projects.traces import key_of, refused, stored


async def test_a_control_is_linked_once(owner: Person, project: str, hazard: str) -> None:
    key = str(key_of(await control_of(owner, project)))
    url = f"{hazard}controls/link/"
    assert [one["id"] for one in (await owner.client.get(url)).json()["controls"]] == [key]
    form = {"control_id": key, "acts_on": ""}
    assert (await owner.client.post(url, data=form, headers=PAGE)).status_code == 303
    refused(await owner.client.post(url, json={"control_id": key}), 409)
    assert (await owner.client.get(url)).json()["controls"] == []


async def test_a_control_of_another_project_is_refused(
    owner: Person, project: str, public_project: str, hazard: str
) -> None:
    foreign = str(key_of(await control_of(owner, public_project)))
    before = await stored()
    for key in (foreign, "00000000-0000-7000-8000-000000000000", "", None):
        assert refused(await owner.client.post(f"{hazard}controls/link/", json={"control_id": key})) == ["control_id"]
    assert await stored() == before

"""A control is taken off a hazard and stays with the project."""

from tests.clients import Person
from tests.endpoints.projects.project_id.controlling import control_of
from tests.endpoints.projects.traces import key_of, refused


async def test_a_control_is_taken_off_and_kept(owner: Person, project: str, hazard: str) -> None:
    control = await control_of(owner, project)
    key = str(key_of(control))
    there = len((await owner.client.get(hazard)).json()["controls"])
    await owner.client.post(f"{hazard}controls/link/", json={"control_id": key})
    url = f"{hazard}controls/{key}/remove/"
    assert len((await owner.client.post(url)).json()["controls"]) == there
    refused(await owner.client.post(url), 404)
    assert (await owner.client.get(control)).json()["hazard_count"] == 0

"""A hazard as it was in each of its versions, and nowhere but in its own project."""

from tests.clients import PAGE, Person
from tests.endpoints.projects.traces import key_of, refused


async def test_a_hazard_in_a_version(owner: Person, project: str, hazard: str, public_project: str) -> None:
    await owner.client.post(f"{hazard}edit/", json={"version": 1, "effect": "<b>New", "causes": []})
    was = (await owner.client.get(f"{hazard}as_of/?version=1")).json()
    assert (was["version"], was["newest_version"], was["effect"], len(was["causes"])) == (1, 2, "", 1)
    assert (await owner.client.get(f"{hazard}as_of/")).json()["effect"] == "<b>New"
    assert (await owner.client.get(f"{hazard}as_of/?entry={was['entry']}")).json() == was
    page = await owner.client.get(f"{hazard}as_of/?version=2", headers=PAGE)
    assert "&lt;b&gt;New" in page.text
    refused(await owner.client.get(f"{hazard}as_of/?version=3"), 404)
    refused(await owner.client.get(f"{hazard}as_of/?entry=1"), 404)
    assert refused(await owner.client.get(f"{hazard}as_of/?entry=1&version=1")) == ["entry"]
    refused(await owner.client.get(f"{public_project}hazards/{key_of(hazard)}/as_of/?version=1"), 404)

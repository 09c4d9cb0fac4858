"""Removing a link: from the hazard that it belongs to, and kept in its history."""

from tests.clients import PAGE, Person
from tests.endpoints.projects.traces import refused


async def test_a_link_is_removed_once(owner: Person, hazard: str, mild: str) -> None:
    await owner.client.post(f"{hazard}links/create/", json={"other_id": "HAZ-002", "kind": "related"})
    [link] = (await owner.client.get(hazard)).json()["risk"]["links"]
    refused(await owner.client.post(f"{mild}links/{link['id']}/remove/"), 404)
    answer = await owner.client.post(f"{hazard}links/{link['id']}/remove/", headers=PAGE)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{hazard}#links")
    refused(await owner.client.post(f"{hazard}links/{link['id']}/remove/"), 404)
    assert (await owner.client.get(hazard)).json()["risk"]["links"] == []
    history = (await owner.client.get(f"{hazard}history/")).json()["versions"]
    assert [version["action"] for version in history[:2]] == ["hazard:unlink", "hazard:link"]

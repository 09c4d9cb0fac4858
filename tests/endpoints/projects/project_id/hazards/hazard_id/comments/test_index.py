"""The discussion of a hazard: all of it, in order, for members alone."""

import httpx

from models.enumerations import Role
from tests.clients import PAGE, Person
from tests.endpoints.projects.conftest import Join


async def test_the_oldest_first_in_pages(owner: Person, join: Join, hazard: str) -> None:
    viewer = await join(Role.VIEWER)
    for number in range(22):
        answer = await owner.client.post(f"{hazard}comments/create/", json={"body": f"Number {number}"})
        assert answer.status_code == 201
    found = (await viewer.client.get(f"{hazard}comments/?limit=10")).json()
    assert [one["body"] for one in found["data"]] == [f"Number {number}" for number in range(10)]
    assert (found["pagination"]["total"], found["unread"], found["reference"]) == (22, 22, "HAZ-001")
    assert [one["user_id"] for one in found["members"]] == [str(owner.id)]
    shown = (await viewer.client.get(hazard)).json()["comments"]
    assert (shown["total"], shown["data"][0]["body"], shown["data"][-1]["body"]) == (22, "Number 2", "Number 21")
    page = (await viewer.client.get(hazard, headers=PAGE)).text
    assert "All 22 comments" in page
    last = (await viewer.client.get(f"{hazard}comments/?page=2", headers=PAGE)).text
    assert "Number 21" in last
    assert "Mark as read" in last


async def test_a_public_project_does_not_publish_its_discussions(
    client: httpx.AsyncClient, owner: Person, stranger: Person, public_project: str
) -> None:
    answer = await owner.client.post(f"{public_project}hazards/create/", json={"name": "Seen by all"})
    hazard = answer.json()["url"]
    assert (await owner.client.post(f"{hazard}comments/create/", json={"body": "Between us"})).status_code == 201
    for other, status in ((stranger.client, 403), (client, 401)):
        assert (await other.get(hazard)).json()["comments"] is None
        assert "Between us" not in (await other.get(hazard, headers=PAGE)).text
        assert (await other.get(f"{hazard}comments/")).status_code == status

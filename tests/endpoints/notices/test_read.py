"""Marking notices as read: one, all, and never those of somebody else."""

from models.enumerations import Role
from tests.clients import PAGE, Person
from tests.endpoints.projects.conftest import Join
from tests.endpoints.projects.traces import audited, last_audited, refused


async def test_one_then_all(owner: Person, join: Join, hazard: str) -> None:
    reviewer = await join(Role.REVIEWER)
    for body in ("First", "Second", "Third"):
        await owner.client.post(f"{hazard}comments/create/", json={"body": body, "mentions": [str(reviewer.id)]})
    newest = (await reviewer.client.get("/notices/")).json()["data"][0]["id"]
    before = await last_audited()
    answer = await reviewer.client.post("/notices/read/", data={"notice_id": newest}, headers=PAGE)
    assert (answer.status_code, answer.headers["location"]) == (303, "/notices/")
    [entry] = await audited(before)
    assert (entry["action"], entry["after"], entry["project_id"]) == ("notice:read", {"read": 1}, None)
    listed = (await reviewer.client.get("/notices/")).json()
    assert (listed["unread"], listed["data"][-1]["id"]) == (2, newest)
    assert (await owner.client.post("/notices/read/", json={"notice_id": listed["data"][0]["id"]})).status_code == 204
    assert (await reviewer.client.get("/notices/")).json()["unread"] == 2
    assert (await reviewer.client.post("/notices/read/", json={})).status_code == 204
    assert (await reviewer.client.get("/notices/")).json()["unread"] == 0
    assert refused(await reviewer.client.post("/notices/read/", json={"notice_id": "x"})) == ["notice_id"]

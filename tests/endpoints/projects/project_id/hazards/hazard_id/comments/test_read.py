"""Marking comments as read: an act of its own, as looking changes nothing."""

from models.enumerations import Role
from tests.clients import PAGE, Person
from tests.endpoints.projects.conftest import Join
from tests.endpoints.projects.traces import audited, last_audited, refused


async def test_marked_as_read_up_to_what_was_shown(owner: Person, join: Join, hazard: str) -> None:
    viewer = await join(Role.VIEWER)
    await owner.client.post(f"{hazard}comments/create/", json={"body": "One"})
    until = (await viewer.client.get(hazard)).json()["comments"]["data"][-1]["created_date"]
    assert "Mark as read" in (await viewer.client.get(hazard, headers=PAGE)).text
    await owner.client.post(f"{hazard}comments/create/", json={"body": "Two"})
    before = await last_audited()
    answer = await viewer.client.post(f"{hazard}comments/read/", data={"until": until}, headers=PAGE)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{hazard}#comments")
    [entry] = await audited(before)
    assert (entry["action"], entry["user_id"], entry["project_id"]) == ("comment:read", viewer.id, None)
    assert [one["is_unread"] for one in (await viewer.client.get(hazard)).json()["comments"]["data"]] == [False, True]
    assert (await viewer.client.post(f"{hazard}comments/read/", json={})).status_code == 204
    assert (await viewer.client.get(hazard)).json()["comments"]["unread"] == 0
    before = await last_audited()
    assert (await viewer.client.post(f"{hazard}comments/read/", json={})).status_code == 204
    assert await audited(before) == []
    assert "Mark as read" not in (await viewer.client.get(hazard, headers=PAGE)).text


async def test_a_moment_is_text_with_a_zone(owner: Person, hazard: str) -> None:
    for until in ("2026-11-20T12:00:00", 0, 1.5, "0", "1763640000", True):
        answer = await owner.client.post(f"{hazard}comments/read/", json={"until": until})
        assert refused(answer) == ["until"]

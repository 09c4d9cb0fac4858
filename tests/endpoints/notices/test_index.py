"""The list of one's notices: unread ones first, counted in the header of every page, nobody else's."""

import httpx

from models.enumerations import Role
from tests.clients import PAGE, Person
from tests.endpoints.projects.conftest import Join


async def test_what_concerns_somebody_is_listed_and_counted(owner: Person, join: Join, hazard: str) -> None:
    reviewer = await join(Role.REVIEWER)
    for body in ("First", "Second"):
        given = {"body": body, "mentions": [str(reviewer.id)]}
        assert (await owner.client.post(f"{hazard}comments/create/", json=given)).is_success
    found = (await reviewer.client.get("/notices/")).json()
    assert (found["unread"], found["pagination"]["total"]) == (2, 2)
    assert found["data"][0] == found["data"][0] | {
        "kind": "mention",
        "read_date": None,
        "reference": "HAZ-001",
        "name": "Wrong patient selected",
        "project": "Ward round",
        "url": f"{hazard}#comments",
    }
    page = (await reviewer.client.get("/projects/", headers=PAGE)).text
    assert "Notices (2 new)" in page
    assert "HAZ-001 Wrong patient selected" in (await reviewer.client.get("/notices/", headers=PAGE)).text
    assert (await owner.client.get("/notices/")).json()["data"] == []
    await reviewer.client.post(f"{hazard}comments/read/", json={})
    assert "(2 new)" not in (await reviewer.client.get("/projects/", headers=PAGE)).text


async def test_nobody_has_none(client: httpx.AsyncClient) -> None:
    assert (await client.get("/notices/")).status_code == 401

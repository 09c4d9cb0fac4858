"""Who may read a project is decided by an owner who has just proved who they are, with a reason that is kept."""

import httpx
import pytest

from authentication import sessions
from tests.clients import PAGE, Person
from tests.endpoints.projects.traces import audited, last_audited, refused, stored

PUBLIC = {"visibility": "public", "reason": "Published with the release"}


async def test_it_counts_at_the_next_request_and_is_told_with_its_reason(
    client: httpx.AsyncClient, owner: Person, project: str, hazard: str
) -> None:
    mark = await last_audited()
    assert (await client.get(hazard)).status_code == 401
    assert (await owner.client.post(f"{project}visibility/", json=PUBLIC)).status_code == 204
    assert (await client.get(hazard)).status_code == 200
    [entry] = await audited(mark)
    told = {"action": "project:visibility", "before": {"visibility": "private"}, "after": {"visibility": "public"}}
    assert {name: entry[name] for name in told} == told
    assert entry["reason"] == PUBLIC["reason"]
    back = {"visibility": "private", "reason": "A patient could be identified"}
    assert (await owner.client.post(f"{project}visibility/", json=back)).status_code == 204
    assert (await client.get(hazard)).status_code == 401


async def test_what_is_so_already_or_has_no_reason_is_refused(owner: Person, project: str) -> None:
    before = await stored()
    refused(await owner.client.post(f"{project}visibility/", json={"visibility": "private", "reason": "Again"}), 409)
    assert refused(await owner.client.post(f"{project}visibility/", json={**PUBLIC, "reason": " "})) == ["reason"]
    assert await stored() == before


async def test_it_needs_recent_proof(owner: Person, project: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sessions, "RECENT", -sessions.RECENT)
    answer = await owner.client.post(f"{project}visibility/", json=PUBLIC)
    assert (answer.status_code, answer.json()["code"]) == (403, "STEP_UP_REQUIRED")
    assert (await owner.client.get(project)).json()["visibility"] == "private"


async def test_the_page_says_what_becomes_visible_to_whom(owner: Person, project: str, hazard: str) -> None:
    page = (await owner.client.get(f"{project}visibility/", headers=PAGE)).text
    for words in ("everyone on the internet can read it", "now 1 hazard:", "complete history", "the list of members"):
        assert words in page
    done = await owner.client.post(f"{project}visibility/", data=PUBLIC, headers=PAGE)
    assert (done.status_code, done.headers["location"]) == (303, project)
    assert "cannot be called back" in (await owner.client.get(f"{project}visibility/", headers=PAGE)).text

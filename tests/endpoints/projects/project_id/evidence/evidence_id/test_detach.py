"""Evidence is taken off again, with a reason; the piece stays, and history tells that it was there."""

from typing import Any

import pytest

from models.enumerations import Role
from models.storage.columns import new_id
from tests.authentication import stored
from tests.clients import PAGE, Person
from tests.endpoints.projects.conftest import Join
from tests.endpoints.projects.project_id.evidence.sending import added, close, parts_of

WHY = {"justification": "It is about another system"}


@pytest.fixture
async def piece(owner: Person, project: str, hazard: str) -> dict[str, Any]:
    """About a hazard, its assessment and its control, in this order."""
    made = await added(owner, project, **await parts_of(owner, hazard))
    found: dict[str, Any] = (await owner.client.get(made["url"])).json()
    return found


async def detach(person: Person, piece: dict[str, Any], link: object, **why: str) -> int:
    body = {"attachment": str(link), **WHY, **why}
    return (await person.client.post(f"{piece['url']}detach/", json=body)).status_code


async def test_one_after_the_other(owner: Person, hazard: str, piece: dict[str, Any]) -> None:
    links = [one["id"] for one in piece["about"]]
    for count, link in enumerate(links, 1):
        assert await detach(owner, piece, link) == 200
        left = [one["id"] for one in (await owner.client.get(piece["url"])).json()["about"]]
        assert left == links[count:]
    page = (await owner.client.get(hazard)).json()
    assert (page["evidence"], page["version"]) == ([], 4)
    of_hazard = await stored.history("hazard:detach_evidence")
    assert [len(entry["after"]["evidence_links"]) for entry in of_hazard] == [1, 0]
    assert {entry["reason"] for entry in of_hazard} == {WHY["justification"]}
    (of_control,) = await stored.history("control:detach_evidence")
    assert (of_control["before"]["evidence_links"][0]["evidence_id"], of_control["after"]) == (
        piece["id"],
        {"evidence_links": []},
    )
    told = (await owner.client.get(f"{hazard}history/", headers=PAGE)).text
    assert "Evidence detached" in told
    assert "Load test (support)" in told


async def test_what_is_refused(owner: Person, project: str, piece: dict[str, Any]) -> None:
    other = await added(owner, project)
    link = piece["about"][0]["id"]
    assert await detach(owner, other, link) == 404
    assert await detach(owner, piece, new_id()) == 404
    assert await detach(owner, piece, link, justification=" ") == 422
    assert await detach(owner, piece, "x") == 422
    assert await detach(owner, piece, link) == 200
    assert await detach(owner, piece, link) == 404


async def test_a_verified_control_keeps_what_shows_that_it_works(
    owner: Person, project: str, piece: dict[str, Any]
) -> None:
    """Else its hazards would rest on a residual risk that nothing bears out any more."""
    control = f"{project}controls/{piece['about'][2]['control_id']}/"
    key = control.split("/")[-2]
    for purpose in ("implementation", "effectiveness"):
        await added(owner, project, purpose=purpose, controls=key)
    verified = {"state": "verified", "justification": "Tested"}
    assert (await owner.client.post(f"{control}state/", json=verified)).status_code == 200
    proofs = {one["about"]["purpose"]: one for one in (await owner.client.get(control)).json()["attached"]}
    assert await detach(owner, piece, piece["about"][2]["id"]) == 200
    body = {"attachment": proofs["effectiveness"]["about"]["id"], **WHY}
    refused = await owner.client.post(f"{proofs['effectiveness']['url']}detach/", json=body)
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (409, "attachment")
    assert len((await owner.client.get(control)).json()["attached"]) == 2
    again = {"state": "implemented", "justification": "The test was of another release"}
    assert (await owner.client.post(f"{control}state/", json=again)).status_code == 200
    assert await detach(owner, proofs["effectiveness"], body["attachment"]) == 200


async def test_a_closed_hazard_gives_none(owner: Person, project: str, piece: dict[str, Any]) -> None:
    await close(piece["about"][0]["hazard_id"])
    assert [await detach(owner, piece, one["id"]) for one in piece["about"]] == [409] * 3


async def test_a_control_that_a_closed_hazard_shares_keeps_its_own(
    owner: Person, project: str, hazard: str, piece: dict[str, Any]
) -> None:
    """Another hazard is worked on: evidence is added for it, and none of what the closed one rested on goes."""
    control = (await owner.client.get(hazard)).json()["controls"][0]["id"]
    other = (await owner.client.post(f"{project}hazards/create/", json={"name": "Wrong ward"})).json()["url"]
    assert (await owner.client.post(f"{other}controls/link/", json={"control_id": control})).is_success
    await close(piece["about"][0]["hazard_id"])
    assert [await detach(owner, piece, one["id"]) for one in piece["about"]] == [409] * 3
    made = await added(owner, project, controls=[control])
    assert (await owner.client.get(made["url"])).json()["about"][0]["control_id"] == control


async def test_who_may(piece: dict[str, Any], join: Join) -> None:
    assert await detach(await join(Role.VIEWER), piece, piece["about"][0]["id"]) == 403
    assert await detach(await join(Role.CSO), piece, piece["about"][0]["id"]) == 200


async def test_the_page(owner: Person, piece: dict[str, Any]) -> None:
    link = piece["about"][2]["id"]
    page = await owner.client.get(f"{piece['url']}detach/", params={"attachment": link}, headers=PAGE)
    (chosen,) = [line for line in page.text.splitlines() if " checked" in line]
    assert link in chosen
    done = await owner.client.post(f"{piece['url']}detach/", data={"attachment": link, **WHY}, headers=PAGE)
    assert (done.status_code, done.headers["location"]) == (303, piece["url"])

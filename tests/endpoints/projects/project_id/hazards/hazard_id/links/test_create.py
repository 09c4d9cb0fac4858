"""Linking hazards by key or reference, from either end seen, and only within a project."""

from tests.clients import PAGE, Person
from tests.endpoints.projects.project_id.hazards.hazard_id import decisions
from tests.endpoints.projects.traces import key_of, refused, stored


async def test_a_link_is_seen_from_both_ends(owner: Person, hazard: str, mild: str) -> None:
    answer = await owner.client.post(
        f"{hazard}links/create/", json={"other_id": str(key_of(mild)), "kind": "duplicate"}
    )
    assert (answer.status_code, answer.headers["location"]) == (201, f"{hazard}#links")
    [here] = (await owner.client.get(hazard)).json()["risk"]["links"]
    [there] = (await owner.client.get(mild)).json()["risk"]["links"]
    assert (here["url"], here["reference"], here["points_here"]) == (mild, "HAZ-002", False)
    assert (there["url"], there["reference"], there["points_here"]) == (hazard, "HAZ-001", True)
    assert "Duplicate of" in (await owner.client.get(hazard, headers=PAGE)).text
    assert "Its duplicate is" in (await owner.client.get(mild, headers=PAGE)).text
    assert "Duplicate of HAZ-002" in (await owner.client.get(f"{hazard}history/", headers=PAGE)).text


async def test_what_cannot_be_linked_is_said_beside_the_box(owner: Person, hazard: str, public_project: str) -> None:
    elsewhere = await decisions.add(owner, public_project, "minor", "low")
    other = await decisions.add(owner, hazard.split("hazards/", maxsplit=1)[0], "minor", "low")
    before = await stored()
    for wrong in (str(key_of(hazard)), "HAZ-1", str(key_of(elsewhere)), "HAZ-99", "no such", "", None, "\0"):
        body = {"other_id": wrong, "kind": "related"}
        assert refused(await owner.client.post(f"{hazard}links/create/", json=body)) == ["other_id"]
    body = {"other_id": "HAZ-2", "kind": "same"}
    assert refused(await owner.client.post(f"{hazard}links/create/", json=body)) == ["kind"]
    page = await owner.client.post(
        f"{hazard}links/create/", data={"other_id": "HAZ-99", "kind": "related"}, headers=PAGE
    )
    assert 'href="#other_id"' in page.text
    assert 'value="HAZ-99"' in page.text
    assert await stored() == before
    done = await owner.client.post(
        f"{hazard}links/create/", data={"other_id": "haz-002", "kind": "related"}, headers=PAGE
    )
    assert (done.status_code, done.headers["location"]) == (303, f"{hazard}#links")
    circle = {"other_id": str(key_of(hazard)), "kind": "duplicate"}
    assert refused(await owner.client.post(f"{other}links/create/", json=circle), 409) == ["other_id"]


async def test_what_says_nearly_the_same_is_linked_by_one_button(owner: Person, project: str) -> None:
    made = []
    for name in ("A result is filed under the wrong patient", "A result is filed for the wrong patient", "Late alarm"):
        answer = await owner.client.post(f"{project}hazards/create/", json={"name": name})
        made.append(answer.json()["url"])
    place = f"{made[0]}links/create/"
    [alike] = (await owner.client.get(place)).json()["similar"]
    assert alike["url"] == made[1]
    page = (await owner.client.get(place, headers=PAGE)).text
    assert f'name="other_id" value="{alike["id"]}"' in page
    done = await owner.client.post(place, data={"other_id": alike["id"], "kind": "duplicate"}, headers=PAGE)
    assert done.status_code == 303
    assert (await owner.client.get(place)).json()["similar"] == []

"""Why less is impractical: recorded by who judges risks, at levels 2 and 3, and never changed."""

from models.enumerations import Role
from tests.clients import PAGE, Person
from tests.endpoints.projects.conftest import Join
from tests.endpoints.projects.project_id.hazards.hazard_id.decisions import ALARP
from tests.endpoints.projects.traces import audited, key_of, last_audited, refused, stored


async def test_records_are_added_and_listed(owner: Person, hazard: str) -> None:
    mark = await last_audited()
    answer = await owner.client.post(f"{hazard}alarp/create/", json=ALARP)
    assert (answer.status_code, answer.headers["location"]) == (201, f"{hazard}#alarp")
    await owner.client.post(f"{hazard}alarp/create/", data={**ALARP, "option": "Scanners"}, headers=PAGE)
    listed = (await owner.client.get(hazard)).json()["risk"]["alarp"]
    assert [one["option"] for one in listed] == [ALARP["option"], "Scanners"]
    assert ALARP.items() <= listed[0].items()
    assert listed[0]["recorded_by"] == "Owner Example"
    for place in (hazard, f"{hazard}alarp/create/", f"{hazard}history/"):
        assert "A second &lt;nurse&gt;" in (await owner.client.get(place, headers=PAGE)).text
    first, second = await audited(mark)
    assert (first["action"], first["entity_version"], second["entity_version"]) == ("hazard:alarp", 2, 3)
    assert second["before"] == first["after"]


async def test_it_is_asked_at_levels_2_and_3_only(owner: Person, mild: str) -> None:
    before = await stored()
    refused(await owner.client.post(f"{mild}alarp/create/", json=ALARP), 409)
    assert "not asked at the level" in (await owner.client.get(f"{mild}alarp/create/", headers=PAGE)).text
    assert await stored() == before


async def test_who_may_and_what_is_needed(owner: Person, join: Join, hazard: str, public_project: str) -> None:
    for role, status in ((Role.CONTRIBUTOR, 201), (Role.REVIEWER, 403), (Role.VIEWER, 403)):
        member = await join(role)
        assert (await member.client.post(f"{hazard}alarp/create/", json=ALARP)).status_code == status
    for name in ALARP:
        assert refused(await owner.client.post(f"{hazard}alarp/create/", json={**ALARP, name: " "})) == [name]
    refused(await owner.client.post(f"{public_project}hazards/{key_of(hazard)}/alarp/create/", json=ALARP), 404)


async def test_it_is_asked_at_the_level_that_is_evidenced_too(owner: Person, hazard: str) -> None:
    """Level 1 is claimed, but nothing bears it out: what counts is level 3."""
    claimed = {"stage": "residual", "severity": "minor", "likelihood": "very_low"}
    assert (await owner.client.post(f"{hazard}assess/", json=claimed)).status_code == 201
    assert f'href="{hazard}alarp/create/"' in (await owner.client.get(hazard, headers=PAGE)).text
    assert (await owner.client.get(f"{hazard}alarp/create/")).json()["applies"] is True
    assert (await owner.client.post(f"{hazard}alarp/create/", json=ALARP)).status_code == 201
    answer = await owner.client.post(f"{hazard}close/", json={"justification": "Less is claimed"})
    assert refused(answer, 409) == ["acceptance"]
    assert "bear out only level 3" in answer.json()["errors"][0]["message"]

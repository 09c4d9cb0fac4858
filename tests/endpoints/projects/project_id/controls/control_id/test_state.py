"""How far a control has come: what can follow, and what verified takes."""

from tests.clients import Person
from tests.endpoints.projects.project_id.controlling import control_of
from tests.endpoints.projects.traces import refused


async def test_a_state_follows_with_its_reason(owner: Person, project: str) -> None:
    control = await control_of(owner, project)
    body = {"state": "implemented", "justification": "Built"}
    answer = await owner.client.post(f"{control}state/", json=body)
    assert (answer.json()["state"], answer.json()["state_justification"]) == ("implemented", "Built")
    refused(await owner.client.post(f"{control}state/", json=body), 409)
    assert refused(await owner.client.post(f"{control}state/", json={"state": "verified"})) == ["justification"]


async def test_verified_says_what_evidence_is_missing(owner: Person, project: str) -> None:
    control = await control_of(owner, project)
    await owner.client.post(f"{control}state/", json={"state": "implemented", "justification": "Built"})
    verify = {"state": "verified", "justification": "Tested"}
    answer = await owner.client.post(f"{control}state/", json=verify)
    assert refused(answer, 409) == ["evidence", "evidence"]
    await owner.client.post(f"{control}edit/", json={"version": 2, "evidence": "Report 7"})
    assert (await owner.client.post(f"{control}state/", json=verify)).json()["state"] == "verified"

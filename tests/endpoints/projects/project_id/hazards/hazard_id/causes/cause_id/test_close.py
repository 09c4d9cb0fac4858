"""Closing a cause on its own, with a reason."""

from tests.clients import PAGE, Person
from tests.endpoints.projects.traces import key_of, refused

NOWHERE = "00000000-0000-7000-8000-000000000000"


async def test_a_cause_is_closed_with_a_reason(owner: Person, hazard: str) -> None:
    [cause] = (await owner.client.get(hazard)).json()["cause_records"]
    url = f"{hazard}causes/{cause['id']}/close/"
    assert (await owner.client.get(url)).json()["cause"] == cause
    assert refused(await owner.client.post(url, json={"justification": " "})) == ["justification"]
    assert (await owner.client.post(url, json={"justification": "One list now"})).json()["version"] == 2
    shown = (await owner.client.get(hazard)).json()
    assert (shown["causes"], shown["cause_records"][0]["status"]) == ([cause["description"]], "closed")
    assert "One list now" in (await owner.client.get(hazard, headers=PAGE)).text
    refused(await owner.client.post(url, json={"justification": "Again"}), 409)


async def test_a_cause_of_another_hazard_is_nowhere(owner: Person, project: str, hazard: str) -> None:
    other = (await owner.client.post(f"{project}hazards/create/", json={"name": "Other", "causes": ["Its own"]})).json()
    foreign = (await owner.client.get(other["url"])).json()["cause_records"][0]["id"]
    for key in (foreign, NOWHERE, key_of(hazard)):
        refused(await owner.client.post(f"{hazard}causes/{key}/close/", json={"justification": "Done"}), 404)

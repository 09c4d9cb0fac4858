"""Opening a cause again."""

from tests.clients import Person
from tests.endpoints.projects.traces import refused


async def test_a_cause_is_opened_again(owner: Person, hazard: str) -> None:
    [cause] = (await owner.client.get(hazard)).json()["cause_records"]
    url = f"{hazard}causes/{cause['id']}/"
    refused(await owner.client.post(f"{url}reopen/", json={"justification": "Open as it is"}), 409)
    await owner.client.post(f"{url}close/", json={"justification": "Done"})
    await owner.client.post(f"{url}reopen/", json={"justification": "It came back"})
    [now] = (await owner.client.get(hazard)).json()["cause_records"]
    assert (now["status"], now["status_justification"]) == ("open", "It came back")

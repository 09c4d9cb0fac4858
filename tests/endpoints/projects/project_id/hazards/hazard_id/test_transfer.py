"""Transferring a hazard: what is left to do is for the organisation that deploys."""

from tests.clients import Person
from tests.endpoints.projects.project_id.hazards.hazard_id import decisions, statuses
from tests.endpoints.projects.traces import refused


async def test_an_open_hazard_is_transferred_once(owner: Person, mild: str, public_project: str) -> None:
    await statuses.asks_why(owner, mild, "transfer")
    await statuses.is_nowhere_in(owner, public_project, mild, "transfer")
    await statuses.refuses_without_a_reason(owner, mild, "transfer")
    await statuses.stores_nothing_without_its_entry(owner, mild, "transfer")
    await statuses.leaves_one_entry(owner, mild, "transfer", "open")
    await statuses.refuses_twice(owner, mild, "transfer")


async def test_a_transferred_hazard_may_be_closed_and_a_closed_one_transferred(owner: Person, mild: str) -> None:
    assert [await statuses.change(owner, mild, verb) for verb in ("transfer", "close", "transfer")] == [200] * 3
    assert (await owner.client.get(mild)).json()["version"] == 4


async def test_what_is_left_to_the_manufacturer_is_listed(owner: Person, hazard: str) -> None:
    await decisions.edit(owner, hazard, additional_controls=["Photographs"])
    assert [one["field"] for one in (await owner.client.get(f"{hazard}transfer/")).json()["hindrances"]] == ["controls"]
    assert refused(await owner.client.post(f"{hazard}transfer/", json={"justification": "Left"}), 409) == ["controls"]

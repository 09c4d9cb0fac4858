"""Transferring a hazard: what is left to do is for the organisation that deploys."""

from tests.clients import Person
from tests.endpoints.projects.project_id.hazards.hazard_id import statuses


async def test_an_open_hazard_is_transferred_once(owner: Person, hazard: str, public_project: str) -> None:
    await statuses.asks_why(owner, hazard, "transfer")
    await statuses.is_nowhere_in(owner, public_project, hazard, "transfer")
    await statuses.refuses_without_a_reason(owner, hazard, "transfer")
    await statuses.stores_nothing_without_its_entry(owner, hazard, "transfer")
    await statuses.leaves_one_entry(owner, hazard, "transfer", "open")
    await statuses.refuses_twice(owner, hazard, "transfer")


async def test_a_transferred_hazard_may_be_closed_and_a_closed_one_transferred(owner: Person, hazard: str) -> None:
    assert [await statuses.change(owner, hazard, verb) for verb in ("transfer", "close", "transfer")] == [200] * 3
    assert (await owner.client.get(hazard)).json()["version"] == 4

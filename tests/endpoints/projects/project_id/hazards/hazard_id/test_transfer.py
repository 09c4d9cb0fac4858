"""Transferring a hazard: what is left to do is for the organisation that deploys."""

from tests.clients import Person
from tests.endpoints.projects.project_id.hazards.hazard_id import decisions, statuses
from tests.endpoints.projects.traces import refused


async def test_an_open_hazard_is_transferred_once(owner: Person, theirs: str, public_project: str) -> None:
    await statuses.asks_why(owner, theirs, "transfer")
    await statuses.is_nowhere_in(owner, public_project, theirs, "transfer")
    await statuses.refuses_without_a_reason(owner, theirs, "transfer")
    await statuses.stores_nothing_without_its_entry(owner, theirs, "transfer")
    await statuses.leaves_one_entry(owner, theirs, "transfer", "open")
    await statuses.refuses_twice(owner, theirs, "transfer")


async def test_a_transferred_hazard_may_be_closed_and_a_closed_one_transferred(owner: Person, mild: str) -> None:
    control = await decisions.leave_to_deployer(owner, mild)
    assert [await statuses.change(owner, mild, verb) for verb in ("transfer", "close")] == [200, 409]
    done = {"state": "implemented", "justification": "All wards are trained"}
    assert (await owner.client.post(f"{control}state/", json=done)).is_success
    # It is there, but nobody has verified it: at this level the hazard can be closed, and it can be left to them.
    assert [await statuses.change(owner, mild, verb) for verb in ("close", "transfer")] == [200, 200]
    assert (await owner.client.get(mild)).json()["version"] == 5


async def test_what_is_left_to_nobody_is_not_transferred(owner: Person, mild: str) -> None:
    answer = await owner.client.post(f"{mild}transfer/", json={"justification": "Theirs"})
    assert refused(answer, 409) == ["controls"]
    assert "Nothing is left to do for the organisation that deploys" in answer.json()["errors"][0]["message"]


async def test_what_is_left_to_the_manufacturer_is_listed(owner: Person, hazard: str) -> None:
    await decisions.edit(owner, hazard, additional_controls=["Photographs"])
    await decisions.leave_to_deployer(owner, hazard)
    fields = ["controls"]
    assert [one["field"] for one in (await owner.client.get(f"{hazard}transfer/")).json()["hindrances"]] == fields
    assert refused(await owner.client.post(f"{hazard}transfer/", json={"justification": "Left"}), 409) == fields

"""A new control of a hazard, aimed at its causes and harms."""

from tests.clients import PAGE, Person
from tests.endpoints.projects.project_id.controlling import ALARM
from tests.endpoints.projects.traces import refused, stored

NOWHERE = "00000000-0000-7000-8000-000000000000"


async def test_a_control_is_added_with_what_it_acts_on(owner: Person, hazard: str) -> None:
    [cause] = (await owner.client.get(hazard)).json()["cause_records"]
    answer = await owner.client.post(f"{hazard}controls/create/", json={**ALARM, "acts_on": [cause["id"]]})
    assert (answer.status_code, answer.json()["version"]) == (201, 2)
    shown = (await owner.client.get(hazard)).json()
    assert shown["acts_on"] == {shown["controls"][-1]["id"]: [cause["id"]]}
    page = await owner.client.get(f"{hazard}history/", headers=PAGE)
    assert f"Alarm (acts on: {cause['description']})" in page.text


async def test_it_acts_on_nothing_of_others(owner: Person, hazard: str) -> None:
    before = await stored()
    for wrong, field in ((NOWHERE, "acts_on.0"), ("no key", "acts_on.0")):
        body = {**ALARM, "acts_on": [wrong]}
        assert refused(await owner.client.post(f"{hazard}controls/create/", json=body)) == [field]
    assert refused(await owner.client.post(f"{hazard}controls/create/", json={"description": "Alarm"}))
    assert await stored() == before

"""The question what a control brings can be answered later, and anew."""

from tests.clients import PAGE, Person
from tests.endpoints.projects.traces import refused


async def test_the_answer_of_an_older_control_is_given_later(owner: Person, project: str) -> None:
    body = {"name": "Late", "existing_controls": ["Photograph"]}
    hazard = (await owner.client.post(f"{project}hazards/create/", json=body)).json()
    control = f"{project}controls/{hazard['controls'][0]['id']}/"
    assert (await owner.client.get(control)).json()["brings_hazards"] is None
    assert "Not answered yet" in (await owner.client.get(control, headers=PAGE)).text
    form = {"brings_hazards": "true", "brings_hazards_reason": "Old pictures", "raised_hazards": "HAZ-001\r\n1"}
    assert (await owner.client.post(f"{control}new_hazards/", data=form, headers=PAGE)).status_code == 303
    shown = (await owner.client.get(f"{control}new_hazards/")).json()
    assert (shown["brings_hazards"], [one["reference"] for one in shown["raised_hazards"]]) == (True, ["HAZ-001"])
    refused(await owner.client.post(f"{control}new_hazards/", json={"brings_hazards": False}))

"""One control: its own page, in its own project only."""

import pytest

from tests.clients import PAGE, Person
from tests.endpoints.projects.project_id.controlling import control_of
from tests.endpoints.projects.traces import key_of, refused

NOWHERE = "00000000-0000-7000-8000-000000000000"


async def test_a_control_tells_what_rests_on_it(owner: Person, project: str, hazard: str) -> None:
    control = await control_of(owner, project)
    await owner.client.post(f"{hazard}controls/link/", json={"control_id": str(key_of(control))})
    shown = (await owner.client.get(control)).json()
    assert ([one["reference"] for one in shown["hazards"]], shown["hazard_count"]) == (["HAZ-001"], 1)
    assert shown["next_states"] == ["agreed", "implemented", "withdrawn"]
    assert "Not answered" not in (await owner.client.get(control, headers=PAGE)).text


@pytest.mark.parametrize("page", ["", "edit/", "state/", "new_hazards/"])
async def test_a_control_of_another_project_is_nowhere(
    owner: Person, project: str, public_project: str, page: str
) -> None:
    key = key_of(await control_of(owner, project))
    refused(await owner.client.get(f"{public_project}controls/{key}/{page}"), 404)
    refused(await owner.client.get(f"{project}controls/{NOWHERE}/{page}"), 404)

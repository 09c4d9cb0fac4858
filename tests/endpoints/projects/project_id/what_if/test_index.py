"""What-if over HTTP: as JSON and as a page without scripts, by who may read the log, and nothing is stored."""

import re
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from endpoints.projects.project_id.what_if import index as what_if
from models.hazards.hazard_log import LINKS
from models.storage.database import database
from tests.authentication.statements import counted
from tests.clients import PAGE, Person
from tests.endpoints.projects.traces import refused, stored

RATING = {"severity": "major", "likelihood": "medium"}


@pytest.fixture
async def control(owner: Person, hazard: str) -> str:
    """The key of an additional control of the hazard, whose residual risk is claimed to be level 2."""
    body = {"version": 1, "additional_controls": ["A picture of each patient"]}
    assert (await owner.client.post(f"{hazard}edit/", json=body)).is_success
    rating = {"stage": "residual", "severity": "major", "likelihood": "very_low"}
    assert (await owner.client.post(f"{hazard}assess/", json=rating)).is_success
    controls = (await owner.client.get(hazard)).json()["controls"]
    return next(str(one["id"]) for one in controls if one["stage"] == "additional")


async def asked(person: Person, project: str, query: str = "") -> Any:
    return (await person.client.get(f"{project}what_if/{query}")).json()


async def test_the_controls_come_with_the_hazards_that_rest_on_them(owner: Person, project: str, control: str) -> None:
    told = await asked(owner, project)
    assert (told["in_log"], told["pagination"]["total"], told["off"], told["hazards"]) == (1, 2, [], [])
    assert {one["description"]: (one["hazard_count"], one["state"]) for one in told["data"]} == {
        "Date of birth beside each name": (1, "implemented"),
        "A picture of each patient": (1, "proposed"),
    }
    assert [one["id"] for one in (await asked(owner, project, "?search=picture"))["data"]] == [control]


async def test_switched_off_it_moves_what_rests_on_it(owner: Person, project: str, hazard: str, control: str) -> None:
    told = await asked(owner, project, f"?off={control}")
    assert (told["resting"], told["moving"], told["unsupported"]) == (1, 1, 0)
    [moved] = told["hazards"]
    assert (moved["url"], moved["off"], moved["initial_supported"], moved["moves"]) == (hazard, [control], True, True)
    names = ("initial", "claimed_before", "evidenced_before", "claimed_after", "evidenced_after")
    assert [moved[name] for name in names] == [3, 2, 3, 3, 3]
    assert {change["level"]: (change["before"], change["after"]) for change in told["levels"]} == {
        **dict.fromkeys((5, 4, 1), (0, 0)),
        3: (0, 1),
        2: (1, 0),
    }


async def test_several_at_once_and_an_existing_one_takes_the_ground(owner: Person, project: str, control: str) -> None:
    keys = [one["id"] for one in (await asked(owner, project))["data"]]
    told = await asked(owner, project, "?" + "&".join(f"off={key}" for key in keys))
    [moved] = told["hazards"]
    assert (len(told["off"]), told["unsupported"], sorted(moved["off"])) == (2, 1, sorted(keys))
    assert (moved["claimed_after"], moved["initial_supported"]) == (None, False)


async def test_nothing_is_stored(owner: Person, project: str, control: str) -> None:
    await owner.client.get(project)
    before = await stored()
    await owner.client.get(f"{project}what_if/?off={control}")
    assert await stored() == before


async def test_what_is_no_control_of_the_project_is_refused(
    owner: Person, stranger: Person, project: str, public_project: str, control: str
) -> None:
    refused(await owner.client.get(f"{project}what_if/?off={uuid4()}"), 404)
    refused(await owner.client.get(f"{public_project}what_if/?off={control}"), 404)
    refused(await owner.client.get(f"{project}what_if/?off=x"))
    refused(await owner.client.get(f"{project}what_if/?" + "&".join(f"off={uuid4()}" for _ in range(101))))
    refused(await stranger.client.get(f"{project}what_if/?off={control}"), 404)
    assert (await stranger.client.get(f"{public_project}what_if/")).status_code == 200


async def test_the_page_works_as_a_plain_form(owner: Person, project: str, hazard: str, control: str) -> None:
    page = (await owner.client.get(f"{project}what_if/", headers=PAGE)).text
    boxes = re.findall(r'name="off" type="checkbox" value="([0-9a-f-]+)"( checked)?', page)
    assert (control, "") in boxes
    assert "would move" not in page
    page = (await owner.client.get(f"{project}what_if/?search=&off={control}", headers=PAGE)).text
    assert (control, " checked") in re.findall(r'name="off" type="checkbox" value="([0-9a-f-]+)"( checked)?', page)
    assert "1 of 1 hazard would move" in page
    assert f'href="{hazard}"' in page
    assert "Not in place: proposed" in page
    hidden = (await owner.client.get(f"{project}what_if/?search=birth&off={control}", headers=PAGE)).text
    assert f'<input type="hidden" name="off" value="{control}">' in hidden


async def test_one_control_not_in_place_under_much_of_the_log_is_told(
    owner: Person, project: str, control: str
) -> None:
    warning = r'<p class="app-warning"><strong>(\d+) of (\d+) hazards rest on a control that is not in place'
    assert not re.search(warning, (await owner.client.get(f"{project}what_if/", headers=PAGE)).text)
    second = (await owner.client.post(f"{project}hazards/create/", json={"name": "Rests on it too"})).json()["id"]
    row = {"id": uuid4(), "hazard_id": UUID(second), "control_id": UUID(control), "position": 1}
    async with database.transaction() as connection:
        await connection.execute(sa.insert(LINKS).values(**row))
    told = re.search(warning, (await owner.client.get(f"{project}what_if/", headers=PAGE)).text)
    assert told
    assert told.groups() == ("2", "2")


async def test_a_long_list_is_cut_and_says_so(
    owner: Person, project: str, control: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(what_if, "MOST_TOLD", 0)
    told = await asked(owner, project, f"?off={control}")
    assert (told["hazards"], told["resting"]) == ([], 1)
    page = (await owner.client.get(f"{project}what_if/?off={control}", headers=PAGE)).text
    assert "The 0 worst of 1 are shown" in page


async def test_pages_without_anything_say_so(owner: Person, project: str) -> None:
    assert "No control is recorded" in (await owner.client.get(f"{project}what_if/", headers=PAGE)).text
    page = (await owner.client.get(f"{project}what_if/?search=nothing", headers=PAGE)).text
    assert "No controls found" in page


async def test_it_takes_as_many_statements_for_many_controls(owner: Person, project: str, control: str) -> None:
    for number in range(5):
        body = {"name": f"Hazard {number}", "existing_controls": [f"Control {number} of it"], **RATING}
        await owner.client.post(f"{project}hazards/create/", json=body)
    costs = []
    for limit in (1, 100):
        with counted() as statements:
            await owner.client.get(f"{project}what_if/?off={control}&limit={limit}")
        costs.append(len(statements))
    assert costs[0] == costs[1] == 8

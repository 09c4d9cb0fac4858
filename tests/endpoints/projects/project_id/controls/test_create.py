"""Recording a control: what it brings is asked at once, and its place follows from its kind."""

from typing import Any

from tests.clients import PAGE, Person
from tests.endpoints.projects.project_id.controlling import ALARM, NOTHING_NEW
from tests.endpoints.projects.traces import audited, broken_trail, key_of, last_audited, refused, stored

NOBODY = "00000000-0000-7000-8000-000000000000"
WHOLE: dict[str, Any] = {
    "description": "Alarm\nof two lines", "evidence": "Report", "kind": "training", "stage": "existing",
    "responsible": "deployer", "organisation": "Trust", "due_date": "2027-03-31",
}  # fmt: skip
REFUSED: tuple[tuple[dict[str, Any], str], ...] = (
    ({"description": " "}, "description"),
    ({"description": "a\0b"}, "description"),
    ({"description": "x" * 65_537}, "description"),
    ({"organisation": "Two\nlines"}, "organisation"),
    ({"kind": "magic"}, "kind"),
    ({"preference": 6}, "preference"),
    ({"state": "verified"}, "state"),
    ({"owner_id": NOBODY}, "owner_id"),
    ({"due_date": "soon"}, "due_date"),
    ({"brings_hazards": None}, "brings_hazards"),
    ({"brings_hazards_reason": ""}, "brings_hazards_reason"),
    ({"raised_hazards": ["1"]}, "raised_hazards"),
    ({"brings_hazards": True, "raised_hazards": ["HAZ-099"]}, "raised_hazards.0"),
    ({"brings_hazards": True, "raised_hazards": [NOBODY]}, "raised_hazards.0"),
)


async def test_a_control_is_recorded_whole(owner: Person, project: str, hazard: str) -> None:
    mark = await last_audited()
    answer = {"brings_hazards": True, "brings_hazards_reason": "It may be loud", "raised_hazards": ["haz-001"]}
    made = await owner.client.post(f"{project}controls/create/", json={**WHOLE, **answer, "owner_id": str(owner.id)})
    created = made.json()
    assert (made.status_code, made.headers["location"]) == (201, created["url"])
    assert {name: created[name] for name in WHOLE} == WHOLE
    assert (created["preference"], created["state"], created["owned_by"]) == (4, "implemented", "Owner Example")
    shown = (await owner.client.get(created["url"])).json()
    assert [one["url"] for one in shown["raised_hazards"]] == [hazard]
    [entry] = await audited(mark)
    assert (entry["action"], entry["entity"], entry["entity_id"]) == (
        "control:create",
        "control",
        key_of(made.json()["url"]),
    )
    assert entry["after"]["raised"] == [str(key_of(hazard))]


async def test_without_an_answer_nothing_is_recorded(owner: Person, project: str) -> None:
    before = await stored()
    answer = await owner.client.post(f"{project}controls/create/", json={"description": "Alarm"})
    assert refused(answer) == ["brings_hazards", "brings_hazards_reason"]
    for change, field in REFUSED:
        assert refused(await owner.client.post(f"{project}controls/create/", json={**ALARM, **change})) == [field], (
            change
        )
    assert await stored() == before


async def test_without_its_entry_nothing_is_stored(owner: Person, project: str) -> None:
    before = await stored()
    async with broken_trail():
        refused(await owner.client.post(f"{project}controls/create/", json=ALARM), 500)
    assert await stored() == before


async def test_a_form_says_the_same(owner: Person, project: str) -> None:
    form = {"description": "\u202eAlarm", "brings_hazards": "false", "brings_hazards_reason": "No", "preference": ""}
    form |= {"kind": "", "owner_id": "", "due_date-day": "31", "due_date-month": "3", "due_date-year": "2027"}
    url = f"{project}controls/create/"
    assert (await owner.client.post(url, data=form, headers=PAGE)).status_code == 303
    [control] = (await owner.client.get(f"{project}controls/")).json()["data"]
    assert (control["due_date"], control["brings_hazards"], control["description"]) == (
        "2027-03-31",
        NOTHING_NEW["brings_hazards"],
        "\u202eAlarm",
    )

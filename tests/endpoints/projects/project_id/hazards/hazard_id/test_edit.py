"""Changing a hazard: only what is given, only from the current version, and with a trace of every change."""

import asyncio
import itertools
import re
from typing import Any

import httpx
import sqlalchemy as sa

from models.hazards.hazard_log import CAUSES, CONTROLS, HAZARDS, TYPES
from models.storage.columns import new_id
from models.storage.database import database
from tests.clients import PAGE, Person
from tests.endpoints.projects.traces import audited, broken_trail, key_of, last_audited, refused, stored

ADDITIONAL = "additional_controls"


async def edit(person: Person, hazard: str, version: int, **fields: Any) -> httpx.Response:
    return await person.client.post(f"{hazard}edit/", json={"version": version, **fields})


async def seen(person: Person, hazard: str) -> dict[str, Any]:
    answer = await person.client.get(hazard)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def test_only_what_is_given_changes(owner: Person, hazard: str) -> None:
    before = await seen(owner, hazard)
    answer = await edit(owner, hazard, 1, effect="Care of another\npatient", owner="Pharmacy")
    assert answer.status_code == 200
    after = await seen(owner, hazard)
    # What is new to who looks is told on the page alone.
    told = {name: value for name, value in answer.json().items() if name != "unread_comments"}
    assert {name: after[name] for name in told} == told
    expected = {"effect": "Care of another\npatient", "owner": "Pharmacy", "version": 2}
    changed = {name for name in before if before[name] != after[name]} - {"checks", "latest"}
    assert changed == {*expected, "updated_date"}
    assert {name: after[name] for name in expected} == expected
    assert after["updated_date"] > before["updated_date"]


async def test_an_owner_who_left_the_project_stays_until_somebody_else_is_chosen(
    owner: Person, stranger: Person, project: str, hazard: str
) -> None:
    given = {"email_address": stranger.email_address, "role": "contributor"}
    member = (await owner.client.post(f"{project}members/create/", json=given)).json()["id"]
    assert (await edit(owner, hazard, 1, owner_id=str(stranger.id))).status_code == 200
    assert (await owner.client.post(f"{project}members/{member}/remove/")).status_code == 204
    page = (await owner.client.get(f"{hazard}edit/", headers=PAGE)).text
    assert re.search(f'value="{stranger.id}" selected>Stranger Example, who is no longer a member<', page)
    assert (await edit(owner, hazard, 2, owner_id=str(stranger.id), effect="Late care")).status_code == 200
    assert (await seen(owner, hazard))["owner_id"] == str(stranger.id)
    assert (await edit(owner, hazard, 3, owner_id=None)).status_code == 200
    assert refused(await edit(owner, hazard, 4, owner_id=str(stranger.id))) == ["owner_id"]


async def test_each_field_alone(owner: Person, hazard: str) -> None:
    changes = {
        "name": "Another name",
        "description": "What happens",
        "effect": "On care",
        "harm": "To a patient",
        "condition": "fault",
        "owner": "Pharmacy\nWard",
        "source": "workshop",
        "review_date": "2027-03-31",
        "owner_id": str(owner.id),
        "types": ["Allergy", "Wrong patient"],
    }
    for version, (field, value) in enumerate(changes.items(), 1):
        mark = await last_audited()
        before = await seen(owner, hazard)
        after = (await edit(owner, hazard, version, **{field: value})).json()
        assert (after[field], after["version"]) == (value, version + 1)
        [entry] = await audited(mark)
        assert (entry["before"], entry["after"]) == ({field: before[field]}, {field: value})


async def test_texts_and_lists_can_be_taken_away(owner: Person, hazard: str) -> None:
    full = {"description": "a", "effect": "b", "harm": "c", "owner": "d", "condition": "normal", "types": ["Allergy"]}
    assert (await edit(owner, hazard, 1, **full)).status_code == 200
    empty: dict[str, Any] = {
        "description": "",
        "effect": "",
        "harm": "",
        "owner": "",
        "condition": None,
        "types": [],
        "causes": [],
    }
    after = (await edit(owner, hazard, 2, **empty, existing_controls=[])).json()
    assert {name: after[name] for name in empty} == empty
    assert (after["controls"], after["version"]) == ([], 3)


async def test_a_stale_version_changes_nothing(owner: Person, hazard: str) -> None:
    await edit(owner, hazard, 1, effect="First")
    before = await stored()
    for version in (1, 3, 2**31 - 1):
        refused(await edit(owner, hazard, version, effect="Second"), 409)
    # Nor does it matter that the text is the one that is there.
    refused(await edit(owner, hazard, 1, effect="First"), 409)
    assert await stored() == before


async def test_a_version_that_is_none_is_refused(owner: Person, hazard: str) -> None:
    for version in (0, -1, 2**31, "one", None, 1.5):
        assert refused(await owner.client.post(f"{hazard}edit/", json={"version": version, "name": "New"})) == [
            "version"
        ]
    assert refused(await owner.client.post(f"{hazard}edit/", json={"name": "New"})) == ["version"]


async def test_an_edit_that_changes_nothing_makes_no_version(owner: Person, hazard: str) -> None:
    await edit(owner, hazard, 1, types=["Data breach", "Allergy"])
    now = await seen(owner, hazard)
    before = await stored()
    same = {name: now[name] for name in ("name", "description", "effect", "harm", "causes", "condition", "owner")}
    controls = [control["description"] for control in now["controls"]]
    for fields in (
        {},
        same,
        {"existing_controls": controls, ADDITIONAL: []},
        {"types": ["Allergy", "DataBreach"]},
        {"types": ["Data breach", "Allergy"]},
    ):
        answer = await edit(owner, hazard, 2, **fields)
        assert (answer.status_code, answer.json()["version"]) == (200, 2), fields
    assert await stored() == before


async def test_twenty_editors_of_one_version_do_not_overwrite_each_other(owner: Person, hazard: str) -> None:
    mark = await last_audited()
    for version in (1, 2, 3):
        texts = [f"Effect {version}.{editor}" for editor in range(20)]
        answers = await asyncio.gather(*(edit(owner, hazard, version, effect=text) for text in texts))
        statuses = [answer.status_code for answer in answers]
        assert sorted(statuses) == [200] + [409] * 19
        assert (await seen(owner, hazard))["effect"] == texts[statuses.index(200)]
    entries = await audited(mark)
    assert [entry["entity_version"] for entry in entries] == [2, 3, 4]
    # Each begins where the one before ended: nobody's text was lost unseen.
    for earlier, later in itertools.pairwise(entries):
        assert later["before"] == earlier["after"]


async def rows(table: sa.Table, hazard: str) -> dict[str, Any]:
    """The identity and date of each record by its text."""
    query = sa.select(table.c.description, table.c.id, table.c.created_date)
    if table is CAUSES:
        query = query.where(table.c.hazard_id == key_of(hazard)).order_by(table.c.position)
    async with database.connection() as connection:
        return {row.description: (row.id, row.created_date) for row in await connection.execute(query)}


async def test_a_cause_that_is_still_named_keeps_its_record(owner: Person, hazard: str) -> None:
    await edit(owner, hazard, 1, causes=["First", "Second\nof two lines", "Third"])
    before = await rows(CAUSES, hazard)
    await edit(owner, hazard, 2, causes=["Third", "New", "First"])
    after = await rows(CAUSES, hazard)
    assert list(after) == ["Third", "New", "First"]
    assert {text: after[text] for text in ("First", "Third")} == {text: before[text] for text in ("First", "Third")}
    assert (await seen(owner, hazard))["causes"] == ["Third", "New", "First"]


async def test_the_same_cause_cannot_stand_twice(owner: Person, hazard: str) -> None:
    before = await stored()
    for causes in (["Same", "Same"], ["Same", "Other", " sAME"], ["\u202eSame", "Other", "\u202eSame"]):
        answer = await edit(owner, hazard, 1, causes=causes)
        assert refused(answer) == [f"causes.{len(causes) - 1}"]
        assert "is the same as cause 1" in answer.json()["errors"][0]["message"]
    assert await stored() == before


async def test_harms_are_records_beside_the_sentence(owner: Person, hazard: str) -> None:
    await edit(owner, hazard, 1, harms=["Overdose", "Delay"])
    before = (await seen(owner, hazard))["harms"]
    after = (
        (await edit(owner, hazard, 2, harms=["Delay", "Death"])).json()["version"],
        (await seen(owner, hazard))["harms"],
    )
    assert (after[0], after[1][0], after[1][1]["description"]) == (3, before[1], "Death")


async def test_an_imported_type_that_is_in_no_list_can_stay(owner: Person, hazard: str) -> None:
    row = {"id": new_id(), "hazard_id": key_of(hazard), "name": "Of another list"}
    async with database.transaction() as connection:
        await connection.execute(sa.insert(TYPES), [row])
    answer = await edit(owner, hazard, 1, types=["Of another list", "Allergy"])
    assert answer.json()["types"] == ["Allergy", "Of another list"]


async def test_a_stranger_owns_nothing(owner: Person, stranger: Person, hazard: str) -> None:
    assert refused(await edit(owner, hazard, 1, owner_id=str(stranger.id))) == ["owner_id"]
    assert (await edit(owner, hazard, 1, owner_id=str(owner.id))).json()["owned_by"] == "Owner Example"
    assert (await edit(owner, hazard, 2, owner_id=None)).json()["owned_by"] is None


async def test_a_control_that_is_still_named_keeps_its_record_and_evidence(owner: Person, hazard: str) -> None:
    await edit(owner, hazard, 1, existing_controls=["Kept", "Dropped"], additional_controls=["Later", "Kept"])
    async with database.transaction() as connection:
        proven = sa.update(CONTROLS).where(CONTROLS.c.description == "Kept").values(evidence="Test report 7")
        await connection.execute(proven)
    before = (await seen(owner, hazard))["controls"]
    after = (await edit(owner, hazard, 2, existing_controls=["New", "Kept"])).json()["controls"]
    assert [(control["description"], control["stage"]) for control in after] == [
        ("New", "existing"), ("Kept", "existing"), ("Later", "additional"), ("Kept", "additional"),
    ]  # fmt: skip
    assert [after[1], after[2], after[3]] == [before[0], before[2], before[3]]
    assert after[1]["evidence"] == after[3]["evidence"] == "Test report 7"
    # The record of what was taken off is kept with the project, and history tells that it was there.
    assert "Dropped" in await rows(CONTROLS, hazard)


async def test_an_additional_control_begins_as_a_proposal(owner: Person, hazard: str) -> None:
    [_, added] = (await edit(owner, hazard, 1, additional_controls=["A second reader"])).json()["controls"]
    assert (added["stage"], added["state"]) == ("additional", "proposed")


async def test_two_controls_that_say_the_same_stay_two(owner: Person, hazard: str) -> None:
    await edit(owner, hazard, 1, existing_controls=["Same", "Same"])
    before = [control["id"] for control in (await seen(owner, hazard))["controls"]]
    after = (await edit(owner, hazard, 2, existing_controls=["Same", "Same", "Other"])).json()["controls"]
    assert [control["id"] for control in after][:2] == before


REFUSED: tuple[tuple[dict[str, Any], str], ...] = (
    ({"name": ""}, "name"),
    ({"name": None}, "name"),
    ({"name": "x" * 301}, "name"),
    ({"description": "\x01"}, "description"),
    ({"description": None}, "description"),
    ({"causes": [""]}, "causes.0"),
    ({"types": ["x" * 201]}, "types.0"),
    ({"condition": "odd"}, "condition"),
    ({"status": "closed"}, "status"),
    ({"number": 9}, "number"),
    ({"level": 1}, "level"),
    ({"severity": "minor"}, "severity"),
    ({"project_id": "x"}, "project_id"),
)


async def test_what_cannot_be_is_refused(owner: Person, hazard: str) -> None:
    before = await stored()
    for change, field in REFUSED:
        assert refused(await edit(owner, hazard, 1, **change)) == [field]
    assert await stored() == before


async def test_a_hazard_of_another_project_is_nowhere(owner: Person, hazard: str, public_project: str) -> None:
    before = await stored()
    refused(await edit(owner, f"{public_project}hazards/{key_of(hazard)}/", 1, name="Taken over"), 404)
    assert await stored() == before


async def test_without_its_entry_nothing_changes(owner: Person, hazard: str) -> None:
    before = await stored()
    async with broken_trail():
        refused(await edit(owner, hazard, 1, name="New", causes=["New"], existing_controls=["New"]), 500)
    assert await stored() == before


async def test_a_browser_that_comes_too_late_keeps_its_text(owner: Person, hazard: str) -> None:
    await edit(owner, hazard, 1, effect="Stored meanwhile")
    form = {"version": "1", "name": "Typed name", "effect": "Typed effect"}
    answer = await owner.client.post(f"{hazard}edit/", data=form, headers=PAGE)
    assert answer.status_code == 409
    assert "Typed effect" in answer.text
    assert "Stored meanwhile" in answer.text


async def test_a_browser_keeps_the_lines_of_an_owner(owner: Person, hazard: str) -> None:
    await edit(owner, hazard, 1, owner="Ward\nPharmacy")
    page = await owner.client.get(f"{hazard}edit/", headers=PAGE)
    assert re.search(r'<textarea[^>]* name="owner"[^>]*>Ward\nPharmacy</textarea>', page.text)
    form = {"version": "2", "name": "Renamed", "owner": "Ward\r\nPharmacy"}
    assert (await owner.client.post(f"{hazard}edit/", data=form, headers=PAGE)).status_code == 303
    assert (await seen(owner, hazard))["owner"] == "Ward\nPharmacy"


async def test_the_form_shows_what_is_there(owner: Person, project: str, hazard: str) -> None:
    shown = (await owner.client.get(f"{hazard}edit/")).json()
    assert (shown["version"], shown["name"], shown["project"]["url"]) == (1, "Wrong patient selected", project)
    assert shown["conditions"] == ["normal", "fault"]


async def test_an_unknown_hazard_is_nowhere(owner: Person, project: str) -> None:
    async with database.connection() as connection:
        assert (await connection.execute(sa.select(sa.func.count()).select_from(HAZARDS))).scalar_one() == 0
    refused(await edit(owner, f"{project}hazards/00000000-0000-7000-8000-000000000000/", 1, name="New"), 404)

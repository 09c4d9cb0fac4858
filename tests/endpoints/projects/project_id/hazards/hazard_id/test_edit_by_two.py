"""The second of two editors is shown both texts, decides or merges, and loses nothing, with or without scripts."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa

from models.hazards.hazard_log import HAZARDS
from models.storage.database import database
from tests.clients import PAGE, Person
from tests.endpoints.projects.both_texts import shown
from tests.endpoints.projects.project_id.hazards.hazard_id.test_edit import edit, seen


async def late(person: Person, hazard: str, **typed: Any) -> tuple[set[str], dict[str, list[str]]]:
    answer = await person.client.post(f"{hazard}edit/", data=typed, headers=PAGE)
    assert answer.status_code == 409, answer.text
    assert "Somebody else changed this hazard while you did" in answer.text
    return shown(answer.text)


async def test_a_program_is_told_what_is_there_now(owner: Person, hazard: str) -> None:
    await edit(owner, hazard, 1, effect="First")
    answer = await edit(owner, hazard, 1, effect="<b>Second")
    body = answer.json()
    assert (body["code"], body["current"]["version"], body["current"]["effect"]) == ("OUT_OF_DATE", 2, "First")
    assert body["current"]["url"] == hazard
    assert "Second" not in answer.text


async def test_two_editors_of_different_paragraphs_keep_both(owner: Person, hazard: str) -> None:
    await edit(owner, hazard, 1, description="One\ntwo\nthree", causes=["A", "B"])
    await edit(owner, hazard, 2, description="ONE\ntwo\nthree", causes=["A", "B", "C"], owner="Ward")
    mine = {
        "description": "One\r\ntwo\r\nTHREE",
        "causes": ["B", "D", ""],
        "name": "New",
        "owner": "",
    }
    differing, sent = await late(owner, hazard, version="2", **mine)
    assert differing == {"description", "causes", "name", "owner"}
    assert sent["version"] == ["3"]
    answer = await owner.client.post(f"{hazard}edit/", data=sent, headers=PAGE)
    assert answer.status_code == 303, answer.text
    after = await seen(owner, hazard)
    assert after["description"] == "ONE\ntwo\nTHREE"
    assert after["causes"] == ["B", "C", "D"]
    assert (after["name"], after["owner"], after["version"]) == ("New", "Ward", 4)


async def test_one_of_both_texts_can_be_taken(owner: Person, hazard: str) -> None:
    await edit(owner, hazard, 1, effect="Theirs\nof two lines", harm="Their harm", causes=[], condition="fault")
    mine = {"effect": "Mine", "harm": "My harm", "causes": ["One", "Two"], "condition": "normal"}
    _, sent = await late(owner, hazard, version="1", **mine)
    choices = {
        "effect-take": ["theirs"],
        "harm-take": ["yours"],
        "causes-take": ["theirs"],
        "condition-take": ["theirs"],
    }
    assert (await owner.client.post(f"{hazard}edit/", data={**sent, **choices}, headers=PAGE)).status_code == 303
    after = await seen(owner, hazard)
    texts = (after["effect"], after["harm"], after["causes"], after["condition"])
    assert texts == ("Theirs\nof two lines", "My harm", [], "fault")


async def test_a_third_editor_costs_nobody_their_text(owner: Person, hazard: str) -> None:
    await edit(owner, hazard, 1, effect="Second")
    _, sent = await late(owner, hazard, version="1", effect="Third", harm="Mine")
    await edit(owner, hazard, 2, effect="Fourth")
    differing, sent = await late(owner, hazard, **{**sent, "effect": ["Third and second"]})
    assert differing == {"effect", "harm"}
    assert (sent["effect-theirs"], sent["effect-yours"]) == (["Fourth"], ["Third and second"])
    assert (sent["harm"], sent["version"]) == (["Mine"], ["3"])


async def test_who_changed_it_and_when_is_said(owner: Person, hazard: str) -> None:
    await edit(owner, hazard, 1, effect="<b>Theirs")
    answer = await owner.client.post(f"{hazard}edit/", data={"version": "1", "effect": "<i>Mine"}, headers=PAGE)
    assert "Changed by Owner Example" in answer.text
    assert "&lt;" in answer.text
    assert "<b>" not in answer.text
    assert "Both of you changed the same words" in answer.text
    nothing = await owner.client.post(f"{hazard}edit/", data={"version": "1", "effect": "<b>Theirs"}, headers=PAGE)
    assert "None of the texts differ" in nothing.text


async def test_a_form_that_was_refused_for_another_reason_is_as_late_as_it_was(owner: Person, hazard: str) -> None:
    """Else mending the one would put the old texts in the place of the new ones."""
    await edit(owner, hazard, 1, effect="Theirs")
    mine = {"version": "1", "effect": "Mine"}
    refusal = await owner.client.post(f"{hazard}edit/", data={**mine, "name": ""}, headers=PAGE)
    _, sent = shown(refusal.text)
    assert (refusal.status_code, sent["version"]) == (422, ["1"])
    differing, _ = await late(owner, hazard, **{**sent, "name": "Mended"})
    assert differing == {"name", "effect"}


async def test_of_a_hazard_that_was_closed_meanwhile_nothing_is_to_be_merged(owner: Person, hazard: str) -> None:
    key = UUID(hazard.split("/")[4])
    async with database.transaction() as connection:
        await connection.execute(sa.update(HAZARDS).where(HAZARDS.c.id == key).values(status="closed", version=2))
    answer = await owner.client.post(f"{hazard}edit/", data={"version": "1", "effect": "Mine"}, headers=PAGE)
    assert answer.status_code == 409
    assert "Somebody else changed" not in answer.text
    assert "A closed hazard stays as it is" in answer.text
    assert ">Mine</textarea>" in answer.text


async def test_a_form_of_one_text_leaves_the_others_as_they_are(owner: Person, hazard: str) -> None:
    """Refused, or too late for its session, it comes back as the whole form: with what is stored in the other boxes."""
    await edit(owner, hazard, 1, effect="Stored", causes=["A", "B"])
    answer = await owner.client.post(f"{hazard}edit/", data={"version": "2", "name": ""}, headers=PAGE)
    assert (answer.status_code, ">Stored</textarea>" in answer.text, ">A</textarea>" in answer.text) == (
        422,
        True,
        True,
    )
    kept = {"path": f"{hazard}edit/", "form": "version=2&harm=Mine"}
    assert (await owner.client.post("/account/drafts/", json=kept)).status_code == 200
    page = (await owner.client.get(f"{hazard}edit/?draft=use", headers=PAGE)).text
    assert all(f">{text}</textarea>" in page for text in ("Stored", "Mine", "A", "B"))


async def test_new_words_of_a_control_are_kept_by_who_had_the_hazard_open(owner: Person, hazard: str) -> None:
    """A control is edited on a page of its own, and may serve other hazards."""
    control = (await seen(owner, hazard))["controls"][0]
    url = f"{hazard.partition('hazards/')[0]}controls/{control['id']}/"
    words = "Date of birth, large"
    given = {"version": 1, "description": words, "evidence": "Report 7"}
    assert (await owner.client.post(f"{url}edit/", json=given)).status_code == 200
    mine = {"name": "Mine", "existing_controls": [control["description"]]}
    program = await edit(owner, hazard, 1, **mine)
    assert (program.status_code, program.json()["current"]["version"]) == (409, 2)
    differing, sent = await late(owner, hazard, version="1", **mine)
    assert (differing, sent["existing_controls"]) == ({"name", "existing_controls"}, [words, ""])
    assert (await owner.client.post(f"{hazard}edit/", data=sent, headers=PAGE)).status_code == 303
    after = await seen(owner, hazard)
    [kept] = after["controls"]
    assert (after["name"], kept["id"], kept["description"]) == ("Mine", control["id"], words)
    assert kept["evidence"] == "Report 7"
    history = (await owner.client.get(f"{hazard}history/", headers=PAGE)).text
    assert "A control was worded anew" in history

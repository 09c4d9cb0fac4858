"""The bow-tie of a hazard: what acts on what, as data, on the page of the hazard, and as a picture of its own."""

import re
from typing import Any
from uuid import UUID
from xml.etree import ElementTree as ET

import sqlalchemy as sa

from models.hazards.bow_ties import HARMS, TARGETS
from models.hazards.hazard_log import CAUSES, LINKS
from models.storage.columns import new_id
from models.storage.database import database
from tests.clients import PAGE, Person
from tests.endpoints.projects.traces import key_of
from tests.pages import ATTACK


async def linked(hazard: str) -> dict[str, UUID]:
    """The one control acts on the one cause and on a harm that has a record; nothing else is linked."""
    key = key_of(hazard)
    async with database.transaction() as connection:
        [cause] = (await connection.execute(sa.select(CAUSES.c.id).where(CAUSES.c.hazard_id == key))).scalars()
        [link] = (await connection.execute(sa.select(LINKS.c.id).where(LINKS.c.hazard_id == key))).scalars()
        harm = new_id()
        await connection.execute(sa.insert(HARMS).values(id=harm, hazard_id=key, position=1, description="Overdose"))
        for target in ({"cause_id": cause}, {"harm_id": harm}):
            await connection.execute(sa.insert(TARGETS).values(id=new_id(), hazard_control_id=link, **target))
    return {"cause": cause, "harm": harm}


async def tie_of(person: Person, hazard: str) -> Any:
    return (await person.client.get(f"{hazard}bow_tie/")).json()["bow_tie"]


async def test_without_links_controls_stand_in_a_row_of_their_own(owner: Person, hazard: str) -> None:
    await owner.client.post(f"{hazard}edit/", json={"version": 1, "harm": "Wrong dose"})
    tie = await tie_of(owner, hazard)
    [control] = tie["controls"]
    assert (control["sign"], control["state"], control["stage"]) == ("C1", "implemented", "existing")
    assert tie["untargeted"] == [control["id"]]
    assert [(cause["description"], cause["controls"]) for cause in tie["causes"]] == [("Two patients of one name", [])]
    assert [(harm["id"], harm["description"]) for harm in tie["harms"]] == [(None, "Wrong dose")]


async def test_a_control_stands_where_it_acts(owner: Person, hazard: str) -> None:
    keys = await linked(hazard)
    tie = await tie_of(owner, hazard)
    sides = [[(one["id"], one["controls"]) for one in tie[side]] for side in ("causes", "harms")]
    control = tie["controls"][0]["id"]
    assert sides == [[(str(keys["cause"]), [control])], [(str(keys["harm"]), [control])]]
    assert tie["untargeted"] == []
    assert (await owner.client.get(hazard)).json()["bow_tie"] == tie


async def test_the_picture_and_the_list_say_the_same(owner: Person, hazard: str) -> None:
    await linked(hazard)
    page = (await owner.client.get(hazard, headers=PAGE)).text
    listed = page[page.index("The bow-tie as a list") :]
    for text in ("Two patients of one name", "Overdose", "Date of birth beside each name"):
        start = page.index('<svg xmlns="http://www.w3.org/2000/svg" class="app-bow-tie"')
        drawn = re.sub("<[^>]*>", " ", page[start : page.index("</svg>", start)])
        assert text in " ".join(drawn.split())
        assert text in listed


async def test_the_picture_is_a_file_that_keeps_hostile_text_harmless(owner: Person, project: str) -> None:
    body = {"name": f"Late {ATTACK}", "causes": [ATTACK, "&"], "existing_controls": [ATTACK], "harm": ATTACK}
    url = (await owner.client.post(f"{project}hazards/create/", json=body)).json()["url"]
    answer = await owner.client.get(f"{url}bow_tie/?format=svg", headers=PAGE)
    assert answer.headers["content-type"].startswith("image/svg+xml")
    assert answer.headers["content-disposition"] == 'attachment; filename="HAZ-001-bow-tie.svg"'
    picture = ET.fromstring(answer.text)  # noqa: S314 - our own answer
    assert {element.tag.rpartition("}")[2] for element in picture.iter()} <= {
        "svg", "path", "rect", "circle", "text", "tspan",
    }  # fmt: skip
    assert "style=" not in answer.text


async def test_what_is_asked_for_otherwise_is_refused(owner: Person, hazard: str) -> None:
    assert (await owner.client.get(f"{hazard}bow_tie/?format=png")).status_code == 422

"""What ties controls to hazards: shared by many, aimed at causes and harms, and told by their keys."""

from collections.abc import Awaitable

import pytest

from errors import Conflict, Invalid, NotFound, OutOfDate
from models.controls import control_edits, control_links, control_log, control_states
from models.enumerations import ControlKind, ControlState
from models.hazards import hazard_edits, hazard_told
from models.hazards.hazard_parts import Place
from models.storage.columns import new_id
from models.storage.database import Database
from tests.models.controlling import ALARM, NO_NEW, begin, entries, new_hazard, new_project


async def test_one_control_serves_two_hazards(database: Database) -> None:
    scene = await begin()
    other = await new_hazard(scene.actor, scene.project)
    cause, harm = await scene.key("causes", 1), await scene.key("harms")
    await control_links.link(scene.actor, scene.place, scene.control, [harm, cause, harm])
    await control_links.link(scene.actor, Place(scene.project, other), scene.control, [])
    [told] = (await scene.lists())["controls"]
    assert told == {"id": scene.control, "description": "Alarm", "stage": "additional", "acts_on": [cause, harm]}
    assert [one["number"] for one in await control_log.resting_on(scene.control)] == [1, 2]
    entry = (await entries(scene.hazard))[-1]
    assert (entry["action"], entry["entity_version"], entry["before"]) == ("hazard:link_control", 2, {"controls": []})
    assert entry["after"] == {"controls": [{**told, "id": str(scene.control), "acts_on": [str(cause), str(harm)]}]}


async def test_a_new_control_is_told_with_all_its_fields(database: Database) -> None:
    scene = await begin()
    cause = await scene.key("causes")
    fields = {**ALARM, "kind": ControlKind.DESIGN, "organisation": "Trust"}
    key = await control_links.add(scene.actor, scene.place, fields, NO_NEW, [cause])
    [told] = (await entries(scene.hazard))[-1]["after"]["controls"]
    assert told == {
        "id": str(key), "description": "Alarm", "stage": "additional", "kind": "design", "state": "proposed",
        "preference": 1, "organisation": "Trust", "brings_hazards": False, "brings_hazards_reason": "It only reads",
        "acts_on": [str(cause)],
    }  # fmt: skip


async def test_what_it_acts_on_is_said_anew_and_taken_away(database: Database) -> None:
    scene = await begin()
    first, second = await scene.key("causes", 0), await scene.key("causes", 1)
    await control_links.link(scene.actor, scene.place, scene.control, [first])
    await control_links.act_on(scene.actor, scene.place, scene.control, 2, [second])
    assert (await scene.lists())["controls"][0]["acts_on"] == [second]
    with pytest.raises(OutOfDate):
        await control_links.act_on(scene.actor, scene.place, scene.control, 2, [first])
    await control_links.act_on(scene.actor, scene.place, scene.control, 3, [second])
    await control_links.take_off(scene.actor, scene.place, scene.control)
    assert (await scene.lists())["controls"] == []
    assert await control_log.control(scene.project, scene.control)
    actions = [one["action"] for one in await entries(scene.hazard)]
    assert actions == ["hazard:create", "hazard:link_control", "hazard:aim_control", "hazard:unlink_control"]


async def test_a_cause_that_an_edit_takes_out_is_acted_on_no_more(database: Database) -> None:
    scene = await begin()
    await control_links.link(scene.actor, scene.place, scene.control, [await scene.key("causes")])
    await hazard_edits.edit(scene.actor, scene.project, scene.hazard, 2, {"causes": ["Clock is wrong"]})
    lists = await scene.lists()
    assert ([one["description"] for one in lists["causes"]], "acts_on" in lists["controls"][0]) == (
        ["Clock is wrong"],
        False,
    )
    after = (await entries(scene.hazard))[-1]["after"]
    assert after.keys() == {"causes", "controls"}
    await control_links.act_on(scene.actor, scene.place, scene.control, 3, [await scene.key("harms")])
    await hazard_edits.edit(scene.actor, scene.project, scene.hazard, 4, {"additional_controls": []})
    assert (await scene.lists())["controls"] == []


async def refused(error: type[Exception], change: Awaitable[object]) -> None:
    with pytest.raises(error):
        await change


async def test_what_does_not_belong_together_is_refused(database: Database) -> None:
    scene = await begin()
    actor, place, control = scene.actor, scene.place, scene.control
    elsewhere = await new_project(actor)
    foreign = await control_edits.create(actor, elsewhere, ALARM, NO_NEW)
    hazard = await new_hazard(actor, scene.project)
    cause = (await hazard_told.lists(hazard))["causes"][0]["id"]
    await refused(NotFound, control_links.link(actor, place, foreign, []))
    await refused(NotFound, control_links.link(actor, place, new_id(), []))
    await refused(Invalid, control_links.link(actor, place, control, [cause]))
    await refused(Invalid, control_links.add(actor, place, ALARM, NO_NEW, [new_id()]))
    await refused(NotFound, control_links.act_on(actor, place, control, 1, []))
    await refused(NotFound, control_links.take_off(actor, place, control))
    await control_links.link(actor, place, control, [])
    await refused(Conflict, control_links.link(actor, place, control, []))
    await control_states.set_state(actor, scene.project, control, ControlState.WITHDRAWN, "Not needed")
    await refused(Conflict, control_links.link(actor, Place(scene.project, hazard), control, []))
    assert [one["action"] for one in await entries(scene.hazard)] == ["hazard:create", "hazard:link_control"]

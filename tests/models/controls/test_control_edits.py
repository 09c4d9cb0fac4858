"""Controls as records of the project: versions, states with their evidence, and the question what they bring."""

import uuid
from typing import Any

import pytest
import sqlalchemy as sa

from errors import Conflict, Invalid, NotFound, OutOfDate
from models.controls import control_edits, control_links, control_log, control_states
from models.controls.control_answers import Answer
from models.controls.control_log import ControlFilter
from models.controls.control_states import TRANSITIONS
from models.enumerations import ControlKind, ControlState, EvidencePurpose, Party
from models.evidence.evidence import Evidence, EvidenceLink
from models.hazards import hazard_edits, hazard_told
from models.hazards.hazard_parts import Place
from models.storage.columns import new_id
from models.storage.database import Database
from tests.authentication.statements import counted
from tests.models.controlling import ALARM, NO_NEW, Scene, begin, close, entries, new_hazard, new_project

PROPOSED, AGREED, IMPLEMENTED, VERIFIED, WITHDRAWN = ControlState


async def control_of(scene: Scene) -> dict[str, Any]:
    found = await control_log.control(scene.project, scene.control)
    assert found
    return found


async def attach(scene: Scene, purpose: EvidencePurpose) -> None:
    about = {"kind": "link", "title": "Report", "url": "https://example.org"}
    evidence = await Evidence.objects.create(project=scene.project, created_by=scene.actor.user_id, **about)
    await EvidenceLink.objects.create(evidence=evidence.id, purpose=purpose, control=scene.control)


async def test_an_edit_is_a_version_that_tells_what_changed(database: Database) -> None:
    scene = await begin()
    fields = {"description": "Loud alarm", "kind": ControlKind.TRAINING, "responsible": Party.DEPLOYER, "evidence": ""}
    await control_edits.edit(scene.actor, scene.project, scene.control, 1, fields)
    control = await control_of(scene)
    assert (control["description"], control["preference"], control["version"]) == ("Loud alarm", 4, 2)
    entry = (await entries(scene.control))[-1]
    assert (entry["action"], entry["entity"], entry["entity_version"]) == ("control:edit", "control", 2)
    assert entry["before"] == {"description": "Alarm", "kind": None, "responsible": None, "preference": None}
    assert entry["after"]["preference"] == 4
    with pytest.raises(OutOfDate):
        await control_edits.edit(scene.actor, scene.project, scene.control, 1, {"description": "Late"})
    await control_edits.edit(scene.actor, scene.project, scene.control, 2, {"description": "Loud alarm"})
    assert (await control_of(scene))["version"] == 2


async def test_new_words_make_a_version_of_each_hazard_and_nothing_else_does(database: Database) -> None:
    """Who has a hazard open would put the old words back otherwise."""
    scene = await begin()
    second = await new_hazard(scene.actor, scene.project)
    cause = await scene.key("causes")
    await control_links.link(scene.actor, scene.place, scene.control, [cause])
    await control_links.link(scene.actor, Place(scene.project, second), scene.control, [])
    await control_edits.edit(scene.actor, scene.project, scene.control, 1, {"organisation": "Trust"})
    await control_states.set_state(scene.actor, scene.project, scene.control, AGREED, "Because")
    old = {"id": str(scene.control), "description": "Alarm", "stage": "additional"}
    stale = {"additional_controls": ["Alarm"], "name": "Mine"}
    await control_edits.edit(scene.actor, scene.project, scene.control, 3, {"description": "Loud alarm"})
    for hazard, aims in ((scene.hazard, {"acts_on": [str(cause)]}), (second, {})):
        last = (await entries(hazard))[-1]
        assert (last["action"], last["entity_version"], last["user_id"]) == (
            "hazard:reword_control",
            3,
            scene.actor.user_id,
        )
        assert last["before"] == {"controls": [{**old, **aims}]}
        assert last["after"] == {"controls": [{**old, "description": "Loud alarm", **aims}]}
        assert (await hazard_edits.locked(scene.project, hazard))["version"] == 3
        with pytest.raises(OutOfDate):
            await hazard_edits.edit(scene.actor, scene.project, hazard, 2, stale)
        assert (await hazard_told.lists(hazard))["controls"][0]["id"] == scene.control


async def test_it_asks_as_often_for_many_hazards_as_for_one(database: Database) -> None:
    scene, asked = await begin(), []
    for number in range(4):
        await control_links.link(
            scene.actor, Place(scene.project, await new_hazard(scene.actor, scene.project)), scene.control, []
        )
        with counted() as sent:
            await control_edits.edit(
                scene.actor, scene.project, scene.control, number + 1, {"description": f"Alarm {number}"}
            )
        asked.append(len(sent))
    assert asked == asked[:1] * 4


async def test_a_place_that_a_person_chose_stays_when_the_kind_changes(database: Database) -> None:
    scene = await begin()
    await control_edits.edit(scene.actor, scene.project, scene.control, 1, {"preference": 5})
    await control_edits.edit(scene.actor, scene.project, scene.control, 2, {"kind": ControlKind.TRAINING})
    assert (await control_of(scene))["preference"] == 5


@pytest.mark.parametrize("state", ControlState)
async def test_only_what_the_table_says_can_follow(database: Database, state: ControlState) -> None:
    scene = await begin()
    controls = control_edits.CONTROLS
    for then in ControlState:
        async with database.transaction() as connection:
            values = {"state": state, "evidence": "Seen"}
            await connection.execute(sa.update(controls).where(controls.c.id == scene.control).values(**values))
        if then in TRANSITIONS[state]:
            await control_states.set_state(scene.actor, scene.project, scene.control, then, "Because")
            told = (await entries(scene.control))[-1]
            assert (told["action"], told["reason"]) == ("control:state", "Because")
            assert told["after"]["state"] == then
        else:
            with pytest.raises(Conflict):
                await control_states.set_state(scene.actor, scene.project, scene.control, then, "Because")


async def test_verified_needs_evidence_of_both_kinds(database: Database) -> None:
    scene = await begin()
    verify = (scene.actor, scene.project, scene.control, VERIFIED, "Tested")
    await control_states.set_state(*verify[:3], IMPLEMENTED, "Built")
    for attached, missing in ((EvidencePurpose.SUPPORT, 2), (EvidencePurpose.IMPLEMENTATION, 1)):
        await attach(scene, attached)
        with pytest.raises(Conflict) as refusal:
            await control_states.set_state(*verify)
        assert len(refusal.value.problems) == missing
    assert await found(scene, ControlFilter(missing_evidence=True)) == ["Alarm"]
    await attach(scene, EvidencePurpose.EFFECTIVENESS)
    await control_states.set_state(*verify)
    assert (await control_of(scene))["state"] is VERIFIED
    assert await found(scene, ControlFilter(missing_evidence=False)) == ["Alarm"]


async def test_a_verified_control_keeps_its_written_evidence(database: Database) -> None:
    scene = await begin()
    await control_edits.edit(scene.actor, scene.project, scene.control, 1, {"evidence": "Report 7"})
    for state in (IMPLEMENTED, VERIFIED):
        await control_states.set_state(scene.actor, scene.project, scene.control, state, "Report 7")
    with pytest.raises(Conflict):
        await control_edits.edit(scene.actor, scene.project, scene.control, 4, {"evidence": ""})


async def test_the_question_is_answered_with_hazards_by_any_name(database: Database) -> None:
    scene = await begin()
    second = await new_hazard(scene.actor, scene.project)
    await control_links.link(scene.actor, scene.place, scene.control, [])
    answer = Answer(brings_hazards=True, reason="It may be too loud", raised=["haz-2", str(scene.hazard), "1"])
    await control_edits.answer(scene.actor, scene.project, scene.control, 1, answer)
    assert [one["id"] for one in await control_log.raised_by(scene.control)] == [scene.hazard, second]
    entry = (await entries(scene.control))[-1]
    assert entry["action"] == "control:answer"
    assert (entry["before"]["raised"], entry["after"]["raised"]) == ([], [str(scene.hazard), str(second)])
    with pytest.raises(OutOfDate):
        await control_edits.answer(scene.actor, scene.project, scene.control, 1, NO_NEW)
    assert len(await control_log.raised_by(scene.control)) == 2
    await control_edits.answer(scene.actor, scene.project, scene.control, 2, NO_NEW)
    assert await control_log.raised_by(scene.control) == []


async def test_hazards_of_others_are_not_raised(database: Database) -> None:
    scene = await begin()
    foreign = await new_hazard(scene.actor, await new_project(scene.actor))
    for wrong in ("HAZ-099", str(new_id()), str(foreign), "a word", "0", "99999999999"):
        with pytest.raises(Invalid) as refusal:
            answer = Answer(brings_hazards=True, reason="Because", raised=["1", wrong])
            await control_edits.answer(scene.actor, scene.project, scene.control, 1, answer)
        assert [problem.field for problem in refusal.value.problems] == ["raised_hazards.1"]


async def test_a_control_of_a_closed_hazard_stays(database: Database) -> None:
    scene = await begin()
    await control_states.set_state(scene.actor, scene.project, scene.control, WITHDRAWN, "Why")
    await control_states.set_state(scene.actor, scene.project, scene.control, PROPOSED, "Again")
    await control_edits.edit(scene.actor, scene.project, scene.control, 3, {"evidence": "Seen"})
    await control_links.link(scene.actor, scene.place, scene.control, [])
    for state in (IMPLEMENTED, VERIFIED):
        await control_states.set_state(scene.actor, scene.project, scene.control, state, "Seen")
    await close(scene)
    for change in (
        control_edits.edit(scene.actor, scene.project, scene.control, 6, {"description": "Other"}),
        control_states.set_state(scene.actor, scene.project, scene.control, WITHDRAWN, "Why"),
    ):
        with pytest.raises(Conflict) as refusal:
            await change
        assert "HAZ-001" in refusal.value.problems[0].message
    await control_edits.answer(
        scene.actor, scene.project, scene.control, 6, Answer(brings_hazards=True, reason="Later")
    )


async def test_nothing_is_found_elsewhere(database: Database) -> None:
    scene = await begin()
    elsewhere = await new_project(scene.actor)
    assert await control_log.control(elsewhere, scene.control) is None
    for project, key in ((elsewhere, scene.control), (scene.project, new_id())):
        with pytest.raises(NotFound):
            await control_edits.edit(scene.actor, project, key, 1, {"description": "Other"})
        with pytest.raises(NotFound):
            await control_states.set_state(scene.actor, project, key, AGREED, "Why")
        with pytest.raises(NotFound):
            await control_edits.answer(scene.actor, project, key, 1, NO_NEW)


async def test_only_members_own_controls(database: Database) -> None:
    scene = await begin()
    await control_edits.edit(scene.actor, scene.project, scene.control, 1, {"owner_id": scene.actor.user_id})
    assert (await control_of(scene))["owner_id"] == scene.actor.user_id
    with pytest.raises(Invalid):
        await control_edits.create(scene.actor, scene.project, {**ALARM, "owner_id": uuid.uuid4()}, NO_NEW)


async def found(scene: Scene, wanted: ControlFilter) -> list[str]:
    rows, total = await control_log.page(scene.project, wanted, 1, 10)
    assert len(rows) == total
    return [row["description"] for row in rows]


async def test_the_list_is_filtered_and_sorted(database: Database) -> None:
    scene = await begin()
    banner = {**ALARM, "description": "Banner", "kind": ControlKind.DESIGN, "responsible": Party.MANUFACTURER}
    await control_edits.create(scene.actor, scene.project, banner, NO_NEW)
    await control_links.link(scene.actor, scene.place, scene.control, [])
    cases = {
        ControlFilter(): ["Alarm", "Banner"],
        ControlFilter(sort="-description"): ["Banner", "Alarm"],
        ControlFilter(sort="-hazards"): ["Alarm", "Banner"],
        ControlFilter(sort="preference"): ["Banner", "Alarm"],
        ControlFilter(kind=ControlKind.DESIGN): ["Banner"],
        ControlFilter(responsible=Party.MANUFACTURER): ["Banner"],
        ControlFilter(responsible=Party.DEPLOYER): [],
        ControlFilter(state=PROPOSED, search="AN ner"): ["Banner"],
        ControlFilter(search="100%"): [],
        ControlFilter(unanswered=True): [],
        ControlFilter(missing_evidence=True): ["Alarm", "Banner"],
    }
    for wanted, names in cases.items():
        assert await found(scene, wanted) == names, wanted
    for sort in control_log.SORTS:
        assert len(await found(scene, ControlFilter(sort=sort))) == 2

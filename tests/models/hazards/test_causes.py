"""A cause is closed on its own and opened again; each time it makes a version of its hazard that tells why."""

import pytest

from errors import Conflict, HazardClosed, NotFound
from models.enumerations import CauseStatus
from models.hazards import causes, hazard_log, hazard_told
from models.storage.columns import new_id
from models.storage.database import Database
from tests.models.controlling import begin, close, entries, new_hazard

CLOSED, OPEN = CauseStatus.CLOSED, CauseStatus.OPEN


async def test_closing_and_opening_a_cause_are_versions(database: Database) -> None:
    scene = await begin()
    key = await scene.key("causes")
    await causes.set_status(scene.actor, scene.place, key, CLOSED, "The queue is gone")
    first, second = (await scene.lists())["causes"]
    assert (first["status"], first["status_justification"], second["status"]) == (CLOSED, "The queue is gone", OPEN)
    await causes.set_status(scene.actor, scene.place, key, OPEN, "It is back")
    told = (await entries(scene.hazard))[1:]
    assert [(one["action"], one["entity_version"], one["reason"]) for one in told] == [
        ("hazard:close_cause", 2, "The queue is gone"),
        ("hazard:reopen_cause", 3, "It is back"),
    ]
    assert told[0]["after"] == told[1]["before"]
    assert told[1]["after"]["causes"][0]["status_justification"] == "It is back"


async def test_what_cannot_be_is_refused(database: Database) -> None:
    scene = await begin()
    key = await scene.key("causes")
    other = await new_hazard(scene.actor, scene.project)
    foreign = (await hazard_told.lists(other))["causes"][0]["id"]
    for wrong in (new_id(), foreign):
        with pytest.raises(NotFound):
            await causes.set_status(scene.actor, scene.place, wrong, CLOSED, "Done")
    with pytest.raises(Conflict):
        await causes.set_status(scene.actor, scene.place, key, OPEN, "Open as it is")
    hazard = await hazard_log.hazard(scene.project, scene.hazard)
    assert hazard
    assert hazard["version"] == 1


async def test_a_closed_hazard_holds_its_causes(database: Database) -> None:
    scene = await begin()
    await close(scene)
    with pytest.raises(HazardClosed):
        await causes.set_status(scene.actor, scene.place, await scene.key("causes"), CLOSED, "Done")

"""The types that a project sorts its hazards by: the published list, and what people and imports add to it."""

import pytest

from errors import Conflict, Invalid
from models.audit.audit import COMMAND_LINE
from models.hazards import hazard_additions, hazard_types
from models.hazards.hazard_additions import NewHazard
from models.hazards.hazard_types import PUBLISHED
from models.storage.database import Database
from tests.models.controlling import begin, new_project


def test_the_published_types_differ() -> None:
    assert len({hazard_types.same(name) for name in PUBLISHED}) == len(PUBLISHED) == 32


async def test_a_type_is_chosen_however_it_is_written(database: Database) -> None:
    scene = await begin()
    given = ["WrongPatient", "wrong-patient", "Alarm fatigue"]
    assert await hazard_types.chosen(scene.project, given) == ["Wrong patient", "Alarm fatigue"]
    with pytest.raises(Invalid) as refusal:
        await hazard_types.chosen(scene.project, ["Allergy", "Stale data"])
    [problem] = refusal.value.problems
    assert (problem.field, "Stale" in problem.message) == ("types.1", False)
    assert await hazard_types.chosen(scene.project, ["Stale data"], ["Stale data"]) == ["Stale data"]


async def test_a_project_extends_the_list_for_itself(database: Database) -> None:
    scene = await begin()
    await hazard_types.add(scene.actor, scene.project, "Stale data")
    assert await hazard_types.chosen(scene.project, ["staledata"]) == ["Stale data"]
    assert await hazard_types.added(await new_project(scene.actor)) == []
    for again in ("stale DATA", "Wrong-patient"):
        with pytest.raises(Conflict):
            await hazard_types.add(scene.actor, scene.project, again)


async def test_an_import_extends_it_by_itself(database: Database) -> None:
    scene = await begin()
    log = [NewHazard("First", types=["Stale data", "Allergy"]), NewHazard("Second", types=["StaleData"])]
    await hazard_additions.create(COMMAND_LINE, scene.project, log, imported=True)
    assert await hazard_types.added(scene.project) == ["Stale data"]
    assert await hazard_types.counted(scene.project) == {"Allergy": 1, "Stale data": 2}

"""The log as it was: after every entry what was recorded then, after the last what is stored now."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from hypothesis import HealthCheck, settings
from hypothesis.stateful import invariant, run_state_machine_as_test
from pydantic_core import to_jsonable_python

from models.audit import history
from models.hazards import hazard_edits, hazard_log
from models.storage.columns import utc_now
from models.storage.database import Database
from tests.databases import Databases
from tests.models.accepting import a_log, acceptances
from tests.models.hazards.test_hazard_edits import Lives

SAME = (
    "id", "number", "reference", "name", "description", "effect", "harm", "condition", "status",
    "status_justification", "owner", "types", "causes", "version", "url",
)  # fmt: skip
OF_CONTROL = ("id", "description", "evidence", "kind", "stage", "state")
OF_RATING = ("severity", "likelihood", "level")


def compared(hazard: Mapping[str, Any]) -> dict[str, Any]:
    """What both tellings of a hazard have, in words that both use."""
    plain = to_jsonable_python(hazard)
    ratings = {
        stage: plain[stage] and {name: plain[stage][name] for name in OF_RATING} for stage in ("initial", "residual")
    }
    controls = [{name: control[name] for name in OF_CONTROL} for control in plain["controls"]]
    return {**{name: plain[name] for name in SAME}, **ratings, "controls": controls}


class Remembered(Lives):
    """After every step what is stored is noted beside the number of the last entry."""

    def __init__(self) -> None:
        super().__init__()
        self.noted: dict[int, dict[UUID, Any]] = {}

    async def stored(self) -> dict[UUID, Any]:
        return {hazard["id"]: compared(hazard) for hazard in await hazard_log.in_full(list(self.expected))}

    async def then(self, seq: int) -> dict[UUID, Any]:
        outline = await history.outline(self.project, seq)
        found = await history.hazards_at(self.project, list(outline.hazards), seq, outline.origins)
        for hazard in found:
            levels = [hazard[stage]["level"] if hazard[stage] else 0 for stage in ("initial", "residual")]
            assert outline.hazards[hazard["id"]] == (hazard["number"], hazard["status"], *levels)
        return {UUID(hazard["id"]): compared(hazard) for hazard in found}

    @invariant()
    def the_last_entry_makes_what_is_stored(self) -> None:
        async def look() -> None:
            seq = await history.last_entry(self.project)
            self.noted[seq] = await self.stored()
            assert await self.then(seq) == self.noted[seq]

        self.run(look())

    def teardown(self) -> None:
        self.run(self.look_back())
        super().teardown()

    async def look_back(self) -> None:
        for seq, was in self.noted.items():
            assert await self.then(seq) == was
            for key, hazard in was.items():
                found = await history.hazard_at(self.project, key, seq)
                assert found
                assert compared(found) == hazard
                assert await history.entry_of_version(self.project, key, hazard["version"]) is not None
        assert await history.last_entry_at(self.project, utc_now() + timedelta(hours=1)) == max(self.noted)
        assert await history.last_entry_at(self.project, utc_now() - timedelta(days=9)) == 0


def test_it_can_be_rebuilt_at_every_entry(postgresql_databases: Databases, sqlite_databases: Databases) -> None:
    for databases, examples in ((sqlite_databases, 8), (postgresql_databases, 3)):
        machine = type("OnOneDatabase", (Remembered,), {"databases": databases})
        few = settings(
            max_examples=examples, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck)
        )
        run_state_machine_as_test(machine, settings=few)


async def test_what_was_accepted_is_stale_in_the_past_when_it_was(database: Database) -> None:
    log = await a_log()
    hazard = await log.hazard(2, "Photo beside the name")
    await log.argue(hazard)
    await log.accept(hazard)
    found = []
    for fields in ({"owner": "Ward"}, {"effect": "Delay"}, {"effect": ""}):
        version = (await hazard_log.in_full([hazard]))[0]["version"]
        await hazard_edits.edit(log.actor, log.project, hazard, version, fields)
        [row] = await acceptances(hazard)
        then = await history.hazard_at(log.project, hazard, await history.last_entry(log.project))
        assert then
        assert (then["acceptance"]["level"], len(then["alarp"])) == (2, 1)
        assert then["acceptance"]["stale"] is (row.stale_date is not None)
        found.append(then["acceptance"]["stale"])
    assert found == [False, True, False]

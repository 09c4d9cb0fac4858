"""Adding hazards, one or thousands: numbered in their order without a gap, whole, or not at all."""

import asyncio
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from errors import NotFound
from models.audit.audit import COMMAND_LINE, ENTRIES, Actor
from models.enumerations import (
    ControlKind,
    ControlStage,
    HazardStatus,
    Likelihood,
    Severity,
    Stage,
    Standard,
    Visibility,
)
from models.hazards import hazard_additions, hazard_pages, hazard_told
from models.hazards.hazard_additions import BATCH, NewControl, NewHazard, NewRating
from models.hazards.hazard_filters import HazardFilter
from models.projects import projects
from models.storage.columns import new_id
from models.storage.database import Database
from models.users import accounts

WHOLE = NewHazard(
    name="Whole",
    description="Two\nlines",
    status=HazardStatus.CLOSED,
    status_justification="Done before",
    recorded_number="OLD-7",
    recorded={"Own column": "Kept"},
    causes=["First", "Second", "First"],
    harms=["Wrong dose"],
    types=["b", "a", "b"],
    controls=[
        NewControl("In place", ControlStage.EXISTING, ControlKind.DESIGN, "Report 1"),
        NewControl("To come", ControlStage.ADDITIONAL),
    ],
    ratings={
        Stage.INITIAL: NewRating(Severity.MAJOR, Likelihood.HIGH, recorded_level=5, justification="From the file"),
        Stage.RESIDUAL: NewRating(Severity.MAJOR, Likelihood.LOW, "Why so bad", "Why so rare"),
    },
)


async def begin() -> tuple[Actor, UUID]:
    names = {"first_name": "Ada", "last_name": "Example"}
    user = await accounts.create(COMMAND_LINE, email_address="ada@example.org", password_hash="none", **names)
    about = {"name": "Added", "description": "", "standard": Standard.DCB0129, "visibility": Visibility.PRIVATE}
    return Actor(user), await projects.create(Actor(user), user, **about)


async def log(project: UUID) -> list[dict[str, Any]]:
    found, total = await hazard_pages.page(project, HazardFilter(), 1, 10_000)
    assert len(found) == total
    return found


def without_keys(hazard: dict[str, Any]) -> dict[str, Any]:
    """What was said of a hazard, without what the database gave it."""
    given = {"id", "url", "number", "reference", "created_date", "updated_date", "project_id", "residual_evidenced"}
    ratings = {
        stage.value: {name: value for name, value in hazard[stage.value].items() if hasattr(WHOLE.ratings[stage], name)}
        for stage in Stage
    }
    controls = [{name: value for name, value in one.items() if not name.endswith("id")} for one in hazard["controls"]]
    return {name: value for name, value in hazard.items() if name not in given} | ratings | {"controls": controls}


async def test_one_and_many_are_stored_alike(database: Database) -> None:
    """Few rows go the way of SQLAlchemy, many that of the driver: nobody must see which."""
    actor, project = await begin()
    await hazard_additions.create(actor, project, [WHOLE])
    await hazard_additions.create(actor, project, [WHOLE] * (2 * BATCH + 1))
    hazards = await log(project)
    assert [hazard["number"] for hazard in hazards] == list(range(1, 2 * BATCH + 3))
    first = without_keys(hazards[0])
    assert all(without_keys(hazard) == first for hazard in hazards)
    assert (first["causes"], first["types"]) == (["First", "Second", "First"], ["a", "b"])
    assert first["recorded"] == {"Own column": "Kept"}
    assert [control["state"] for control in first["controls"]] == ["implemented", "proposed"]
    assert first["controls"][0]["evidence"] == "Report 1"
    assert first["initial"]["recorded_level"] == 5
    assert [hazards[0][stage.value]["level"] for stage in Stage] == [4, 3]
    assert {hazard["created_date"] == hazard["updated_date"] for hazard in hazards} == {True}


async def test_each_has_its_own_entry_in_its_order(database: Database) -> None:
    actor, project = await begin()
    keys = await hazard_additions.create(actor, project, [NewHazard(name=f"Hazard {at}") for at in range(BATCH + 3)])
    query = sa.select(ENTRIES).where(ENTRIES.c.entity == "hazard").order_by(ENTRIES.c.id)
    async with database.connection() as connection:
        entries = (await connection.execute(query)).all()
    assert [entry.entity_id for entry in entries] == keys
    assert [entry.after["number"] for entry in entries] == list(range(1, BATCH + 4))
    assert [entry.after["name"] for entry in entries] == [f"Hazard {at}" for at in range(BATCH + 3)]
    assert {(entry.action, entry.user_id, entry.entity_version) for entry in entries} == {
        ("hazard:create", actor.user_id, 1)
    }


async def test_the_entry_tells_everything_that_was_given(database: Database) -> None:
    actor, project = await begin()
    [key] = await hazard_additions.create(actor, project, [WHOLE])
    query = sa.select(ENTRIES.c.after).where(ENTRIES.c.entity == "hazard")
    async with database.connection() as connection:
        after = (await connection.execute(query)).scalar_one()
    keys = [told.pop("id") for name in ("causes", "harms", "controls") for told in after[name]]
    lists = await hazard_told.lists(key)
    assert keys == [str(told["id"]) for name in ("causes", "harms", "controls") for told in lists[name]]
    assert after == {
        "number": 1,
        "name": "Whole",
        "description": "Two\nlines",
        "status": "closed",
        "status_justification": "Done before",
        "recorded_number": "OLD-7",
        "recorded": {"Own column": "Kept"},
        "causes": [{"description": text, "status": "open"} for text in ("First", "Second", "First")],
        "harms": [{"description": "Wrong dose"}],
        "types": ["b", "a", "b"],
        "controls": [
            {"description": "In place", "stage": "existing", "kind": "design", "evidence": "Report 1",
             "state": "implemented", "preference": 1},
            {"description": "To come", "stage": "additional", "state": "proposed"},
        ],
        "initial": {
            "severity": "major", "likelihood": "high", "level": 4, "recorded_level": 5,
            "justification": "From the file",
        },
        "residual": {
            "severity": "major", "likelihood": "low", "level": 3,
            "severity_justification": "Why so bad", "likelihood_justification": "Why so rare",
        },
    }  # fmt: skip


async def test_a_failure_in_a_later_batch_takes_the_earlier_with_it(database: Database) -> None:
    actor, project = await begin()
    broken = NewHazard(name=None)  # type: ignore[arg-type]
    with pytest.raises(Exception, match=r"(?i)null"):
        await hazard_additions.create(actor, project, [*[WHOLE] * BATCH, broken])
    assert await log(project) == []
    await hazard_additions.create(actor, project, [WHOLE])
    assert [hazard["number"] for hazard in await log(project)] == [1]


async def test_many_at_once_from_several_sides(database: Database) -> None:
    actor, project = await begin()
    sizes = (1, 60, 3, 250, 1)
    await asyncio.gather(*(hazard_additions.create(actor, project, [WHOLE] * size) for size in sizes))
    assert [hazard["number"] for hazard in await log(project)] == list(range(1, sum(sizes) + 1))


async def test_none_is_no_hazard(database: Database) -> None:
    actor, project = await begin()
    assert await hazard_additions.create(actor, project, []) == []
    assert await log(project) == []


async def test_a_project_that_is_not_there_is_not_found(database: Database) -> None:
    with pytest.raises(NotFound):
        await hazard_additions.create(Actor(), new_id(), [WHOLE])

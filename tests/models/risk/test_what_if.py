"""What-if: for every make-up of a hazard, what is left of its ratings when a control fails."""

from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from errors import NotFound
from models.audit.audit import Actor
from models.enumerations import ControlStage, ControlState, Likelihood, Severity, Stage
from models.hazards import hazard_additions
from models.hazards.hazard_additions import NewControl, NewHazard, NewRating
from models.hazards.hazard_log import CONTROLS, LINKS
from models.risk import what_if
from models.risk.what_if import Levels, effect
from models.storage.columns import new_id
from models.storage.database import Database, database
from tests.authentication.statements import counted
from tests.endpoints.projects.traces import stored
from tests.models.samples import make_project

EXISTING, ADDITIONAL = ControlStage.EXISTING, ControlStage.ADDITIONAL
IMPLEMENTED, VERIFIED = ControlState.IMPLEMENTED, ControlState.VERIFIED
ONE, TWO = UUID(int=1), UUID(int=2)


def control(key: UUID, stage: ControlStage, state: ControlState) -> dict[str, Any]:
    return {"id": key, "stage": stage, "state": state}


def levels(initial: int | None, residual: int | None, *controls: dict[str, Any]) -> tuple[Levels, Levels, bool]:
    """Before and after the first control goes, and whether the initial risk still stands."""
    found = effect({"number": 1, "initial": initial, "residual": residual}, controls, {ONE})
    return found.before, found.after, found.initial_supported


CASES = [
    # An additional control goes: back to the initial risk, claimed and evidenced alike.
    (levels(4, 2, control(ONE, ADDITIONAL, VERIFIED)), (Levels(2, 2), Levels(4, 4), True)),
    (levels(4, 2, control(ONE, ADDITIONAL, IMPLEMENTED)), (Levels(2, 4), Levels(4, 4), True)),
    # Another one that stays does not help: what it does alone nobody has assessed.
    (
        levels(4, 2, control(ONE, ADDITIONAL, VERIFIED), control(TWO, ADDITIONAL, VERIFIED)),
        (Levels(2, 2), Levels(4, 4), True),
    ),
    # An existing control goes: nothing is supported any more.
    (levels(3, 2, control(ONE, EXISTING, IMPLEMENTED)), (Levels(2, 3), Levels(None, None), False)),
    (levels(3, None, control(ONE, EXISTING, IMPLEMENTED)), (Levels(3, 3), Levels(None, None), False)),
    # Never a better level than before, and unknown where nothing was assessed.
    (levels(2, 3, control(ONE, ADDITIONAL, VERIFIED)), (Levels(3, 3), Levels(3, 3), True)),
    (levels(3, None, control(ONE, ADDITIONAL, VERIFIED)), (Levels(3, 3), Levels(3, 3), True)),
    (levels(None, None, control(ONE, EXISTING, VERIFIED)), (Levels(None, None), Levels(None, None), True)),
    (levels(None, 2, control(ONE, ADDITIONAL, VERIFIED)), (Levels(2, 2), Levels(None, None), True)),
    # Another control than those that are off, and one that was withdrawn before, change nothing.
    (levels(4, 2, control(TWO, ADDITIONAL, VERIFIED)), (Levels(2, 2), Levels(2, 2), True)),
]


@pytest.mark.parametrize(("found", "expected"), CASES)
def test_what_is_left(found: Any, expected: Any) -> None:
    assert found == expected


CONTROL = st.builds(
    control,
    st.sampled_from([ONE, TWO]),
    st.sampled_from(ControlStage),
    st.sampled_from([state for state in ControlState if state is not ControlState.WITHDRAWN]),
)
LEVEL = st.none() | st.integers(1, 5)


@given(LEVEL, LEVEL, st.lists(CONTROL, max_size=2, unique_by=lambda one: one["id"]))
def test_no_control_that_fails_makes_a_risk_better(
    initial: int | None, residual: int | None, controls: list[dict[str, Any]]
) -> None:
    before, after, supported = levels(initial, residual, *controls)
    for was, now in ((before.claimed, after.claimed), (before.evidenced, after.evidenced)):
        assert was is None or now is None or now >= was
    gone = [one["stage"] for one in controls if one["id"] == ONE]
    assert supported == (initial is None or EXISTING not in gone)
    if not gone:
        assert before == after


RATED = {
    Stage.INITIAL: NewRating(Severity.MAJOR, Likelihood.HIGH),
    Stage.RESIDUAL: NewRating(Severity.MAJOR, Likelihood.VERY_LOW),
}


@pytest.fixture
async def project(database: Database) -> UUID:
    """Three hazards; the first two rest on one additional control, the third on an existing one of its own."""
    key: UUID = (await make_project()).id
    log = [
        NewHazard("Shared", ratings=RATED, controls=[NewControl("Picture of the patient", ADDITIONAL)]),
        NewHazard("Shared too", ratings=RATED),
        NewHazard("Apart", ratings=RATED, controls=[NewControl("Date of birth", EXISTING)]),
    ]
    keys = await hazard_additions.create(Actor(), key, log)
    picture = await named("Picture of the patient")
    async with database.transaction() as connection:
        await connection.execute(
            sa.insert(LINKS).values(id=new_id(), hazard_id=keys[1], control_id=picture, position=1)
        )
    return key


async def named(description: str) -> UUID:
    async with database.connection() as connection:
        query = sa.select(CONTROLS.c.id).where(CONTROLS.c.description == description)
        key: UUID = (await connection.execute(query)).scalar_one()
    return key


async def test_each_hazard_that_rests_on_it_moves_and_no_other(project: UUID) -> None:
    picture = await named("Picture of the patient")
    with counted() as statements:
        found = await what_if.effects([picture])
    assert len(statements) == 2
    assert [(one.hazard["name"], one.before, one.after, one.off) for one in found] == [
        ("Shared", Levels(2, 4), Levels(4, 4), (picture,)),
        ("Shared too", Levels(2, 4), Levels(4, 4), (picture,)),
    ]
    assert all(one.moves and one.initial_supported for one in found)


async def test_what_lost_its_ground_comes_first(project: UUID) -> None:
    keys = [await named("Picture of the patient"), await named("Date of birth")]
    found = await what_if.effects(keys)
    assert [(one.hazard["name"], one.initial_supported) for one in found] == [
        ("Apart", False),
        ("Shared", True),
        ("Shared too", True),
    ]


async def test_a_control_withdrawn_before_moves_nothing(project: UUID) -> None:
    picture = await named("Picture of the patient")
    async with database.transaction() as connection:
        withdrawn = sa.update(CONTROLS).where(CONTROLS.c.id == picture).values(state=ControlState.WITHDRAWN)
        await connection.execute(withdrawn)
    found = await what_if.effects([picture])
    assert [(one.moves, one.off) for one in found] == [(False, ()), (False, ())]


async def test_nothing_is_stored(project: UUID) -> None:
    before = await stored()
    await what_if.effects([await named("Date of birth")])
    assert await stored() == before


async def test_only_controls_of_the_project_can_be_switched_off(project: UUID) -> None:
    picture = await named("Picture of the patient")
    [control] = await what_if.switched_off(project, [picture, picture])
    assert (control["id"], control["stage"], control["state"]) == (picture, ADDITIONAL, ControlState.PROPOSED)
    assert await what_if.switched_off(project, []) == []
    for stranger in (new_id(), project):
        with pytest.raises(NotFound):
            await what_if.switched_off(project, [picture, stranger])
    with pytest.raises(NotFound):
        await what_if.switched_off(new_id(), [picture])

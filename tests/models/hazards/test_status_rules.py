"""What stands in the way of closing or transferring a hazard, each reason by itself and all of them together."""

import pytest
import sqlalchemy as sa

from errors import Conflict, FieldProblem
from models.enumerations import (
    CauseStatus,
    ControlState,
    HazardLinkKind,
    HazardStatus,
    Party,
    Stage,
    Standard,
)
from models.hazards import hazard_edits, hazard_links, status_rules
from models.hazards.hazard_log import CAUSES, LINKS
from models.risk.accepted_content import TARGETS
from models.storage.columns import new_id
from models.storage.database import Database
from tests.models.accepting import Log, a_log, set_controls

CLOSED, TRANSFERRED, OPEN = HazardStatus.CLOSED, HazardStatus.TRANSFERRED, HazardStatus.OPEN


async def hindrances(log: Log, hazard: object, status: HazardStatus = CLOSED) -> list[FieldProblem]:
    """Also sees that changing the status is refused for them, or not at all."""
    found = await status_rules.hindrances(await hazard_edits.locked(log.project, hazard), status)  # type: ignore[arg-type]
    if found:
        with pytest.raises(Conflict) as refused:
            await log.become(hazard, status)  # type: ignore[arg-type]
        assert refused.value.problems == tuple(found)
    return found


async def fields(log: Log, hazard: object, status: HazardStatus = CLOSED) -> list[str]:
    return [problem.field for problem in await hindrances(log, hazard, status)]


@pytest.mark.parametrize(
    ("level", "expected"),
    [(0, ["initial"]), (1, []), (2, []), (3, ["alarp", "acceptance"]), (4, ["initial"]), (5, ["initial"])],
)
async def test_closing_needs_an_acceptable_risk(database: Database, level: int, expected: list[str]) -> None:
    log = await a_log()
    assert await fields(log, await log.hazard(level)) == expected


async def test_what_is_claimed_has_to_be_acceptable(database: Database) -> None:
    log = await a_log()
    hazard = await log.hazard(2)
    await log.assess(hazard, 5)
    assert await fields(log, hazard) == ["residual"]


@pytest.mark.parametrize(
    ("initial", "claimed", "state", "expected"),
    [
        (4, 2, ControlState.VERIFIED, []),
        (4, 2, ControlState.IMPLEMENTED, ["controls"]),
        (4, 2, ControlState.WITHDRAWN, ["controls"]),
        (4, 2, None, ["controls"]),
        (0, 2, ControlState.VERIFIED, ["initial"]),
        (0, 2, ControlState.IMPLEMENTED, ["initial"]),
        (3, 2, ControlState.VERIFIED, []),
        (3, 2, ControlState.IMPLEMENTED, ["alarp", "acceptance"]),
        (3, 1, ControlState.IMPLEMENTED, ["alarp", "acceptance"]),
        (2, 1, ControlState.IMPLEMENTED, []),
        (5, 3, ControlState.VERIFIED, ["alarp", "acceptance"]),
        (5, 3, ControlState.IMPLEMENTED, ["controls"]),
        (1, 4, ControlState.IMPLEMENTED, ["residual"]),
    ],
)
async def test_what_is_claimed_has_to_be_borne_out(
    database: Database, initial: int, claimed: int, state: ControlState | None, expected: list[str]
) -> None:
    """A claim counts once there are additional controls and all of them are verified (6.1.4, 6.3.2, 6.3.3)."""
    log = await a_log()
    hazard = await log.hazard(initial, *(["Photographs"] if state else []))
    await log.assess(hazard, claimed)
    if state:
        await set_controls(hazard, state)
    assert await fields(log, hazard) == expected


async def test_where_nobody_assessed_the_initial_risk_the_reason_says_so(database: Database) -> None:
    log = await a_log()
    hazard = await log.hazard(0, "Photographs")
    await log.assess(hazard, 1)
    for state in (ControlState.IMPLEMENTED, ControlState.VERIFIED):
        await set_controls(hazard, state)
        [reason] = await hindrances(log, hazard)
        assert (reason.field, reason.message.endswith("Assess the initial risk as well.")) == ("initial", True)


async def test_existing_controls_bear_out_the_initial_rating_alone(database: Database) -> None:
    log = await a_log()
    hazard = await log.hazard(4)
    version = (await hazard_edits.locked(log.project, hazard))["version"]
    await hazard_edits.edit(log.actor, log.project, hazard, version, {"existing_controls": ["Wristbands"]})
    await set_controls(hazard, ControlState.VERIFIED)
    await log.assess(hazard, 1)
    assert await fields(log, hazard) == ["controls"]


async def test_the_reason_says_what_would_bear_it_out(database: Database) -> None:
    log = await a_log()
    hazard = await log.hazard(4, *(f"Control {number}" for number in range(7)))
    await log.assess(hazard, 2)
    await set_controls(hazard, ControlState.IMPLEMENTED)
    [problem] = await hindrances(log, hazard)
    assert problem.message.startswith(
        "The residual risk is claimed to be level 2, but its controls bear out only level 4. "
        'Verify "Control 0", "Control 1",'
    )
    assert problem.message.endswith('"Control 4" and 2 more.')


async def test_level_3_that_is_evidenced_is_argued_and_accepted_though_less_is_claimed(database: Database) -> None:
    log = await a_log()
    hazard = await log.hazard(3, "Photographs")
    await log.assess(hazard, 1)
    await set_controls(hazard, ControlState.IMPLEMENTED)
    await log.argue(hazard)
    await log.accept(hazard)
    await log.become(hazard, CLOSED)


async def test_level_3_is_closed_with_its_reasons_and_a_fresh_acceptance(database: Database) -> None:
    log = await a_log()
    hazard = await log.hazard(3)
    await log.argue(hazard)
    assert await fields(log, hazard) == ["acceptance"]
    await log.accept(hazard)
    await log.argue(hazard)
    [stale] = await hindrances(log, hazard)
    assert (stale.field, "has changed" in stale.message) == ("acceptance", True)
    await log.accept(hazard)
    await log.become(hazard, CLOSED)
    await log.become(hazard, OPEN)
    assert await fields(log, hazard) == ["acceptance"]


async def test_a_duplicate_is_closed_without_a_rating_of_its_own(database: Database) -> None:
    log = await a_log()
    stays, hazard = await log.hazard(3), await log.hazard(0, "Photographs")
    await log.assess(hazard, 5)
    await hazard_links.link(log.actor, log.project, hazard, str(stays), HazardLinkKind.DUPLICATE)
    assert await fields(log, hazard) == ["controls"]
    assert await fields(log, stays) == ["alarp", "acceptance"]
    await set_controls(hazard, ControlState.WITHDRAWN)
    await log.become(hazard, CLOSED)


@pytest.mark.parametrize("state", ControlState)
async def test_no_control_is_left_to_do(database: Database, state: ControlState) -> None:
    log = await a_log()
    hazard = await log.hazard(1, "Photographs\n" + "of everyone " * 30, "Wristbands")
    await set_controls(hazard, state)
    expected = ["controls"] * 2 if state in {ControlState.PROPOSED, ControlState.AGREED} else []
    found = await hindrances(log, hazard)
    assert [problem.field for problem in found] == expected
    assert all(state.value in problem.message and len(problem.message) < 250 for problem in found)


async def test_every_reason_is_told_at_once(database: Database) -> None:
    log = await a_log()
    assert await fields(log, await log.hazard(3, "Photographs")) == ["alarp", "acceptance", "controls"]


async def test_an_open_cause_is_not_left_without_control(database: Database) -> None:
    log = await a_log()
    hazard = await log.hazard(1, "Photographs", "Wristbands", causes=["Two of one name", "Haste"])
    async with database.transaction() as connection:
        cause = (await connection.execute(sa.select(CAUSES.c.id).where(CAUSES.c.position == 1))).scalar_one()
        links = (await connection.execute(sa.select(LINKS.c.id).order_by(LINKS.c.position))).scalars().all()
        rows = [{"id": new_id(), "hazard_control_id": link, "cause_id": cause} for link in links]
        await connection.execute(sa.insert(TARGETS), rows)
    await set_controls(hazard, ControlState.VERIFIED)
    assert await fields(log, hazard) == []
    await set_controls(hazard, ControlState.WITHDRAWN)
    [problem] = await hindrances(log, hazard)
    assert (problem.field, '"Two of one name"' in problem.message) == ("causes", True)
    async with database.transaction() as connection:
        await connection.execute(sa.update(CAUSES).values(status=CauseStatus.CLOSED))
    assert await fields(log, hazard) == []


@pytest.mark.parametrize(
    ("standard", "responsible", "transferable"),
    [
        (Standard.DCB0129, None, False),
        (Standard.DCB0129, Party.MANUFACTURER, False),
        (Standard.DCB0129, Party.DEPLOYER, True),
        (Standard.DCB0160, None, True),
        (Standard.DCB0160, Party.MANUFACTURER, False),
    ],
)
async def test_what_is_transferred_is_left_to_who_deploys(
    database: Database, standard: Standard, responsible: Party | None, *, transferable: bool
) -> None:
    """All actions of the manufacturer are completed, but not all of the other organisation (guidance, table 5)."""
    log = await a_log(standard)
    hazard = await log.hazard(5, "Photographs")
    await set_controls(hazard, ControlState.AGREED, responsible=responsible)
    # Of the manufacturer's: it is not done, and nothing is left to the other.
    assert await fields(log, hazard, TRANSFERRED) == ([] if transferable else ["controls"] * 2)
    for over in (ControlState.VERIFIED, ControlState.WITHDRAWN):
        await set_controls(hazard, over)
        [problem] = await hindrances(log, hazard, TRANSFERRED)
        assert problem.message.startswith("Nothing is left to do for the organisation that deploys.")
    await set_controls(hazard, ControlState.IMPLEMENTED)
    assert await fields(log, hazard, TRANSFERRED) == ([] if transferable else ["controls"])
    if transferable:
        await log.become(hazard, TRANSFERRED)


async def test_a_hazard_can_always_be_opened(database: Database) -> None:
    log = await a_log()
    imported = await log.hazard(5, "Photographs", status=CLOSED, status_justification="Before our time")
    assert await fields(log, imported, OPEN) == []
    await log.become(imported, OPEN)
    assert len(await fields(log, imported)) == 2


@pytest.mark.parametrize("before", HazardStatus)
def test_work_begins_again_when_a_hazard_is_opened_or_no_longer_closed(before: HazardStatus) -> None:
    found = [status_rules.reopens(before, after) for after in (OPEN, TRANSFERRED, CLOSED) if after is not before]
    assert found == {OPEN: [False, False], TRANSFERRED: [True, False], CLOSED: [True, True]}[before]


async def test_a_closed_hazard_that_is_transferred_is_accepted_no_more(database: Database) -> None:
    log = await a_log()
    hazard = await log.hazard(2, "Photographs")
    await set_controls(hazard, ControlState.IMPLEMENTED, responsible=Party.DEPLOYER)
    await log.accept(hazard)
    await log.become(hazard, CLOSED)
    await log.become(hazard, TRANSFERRED)
    await log.assess(hazard, 3, Stage.INITIAL)
    assert await fields(log, hazard) == ["alarp", "acceptance"]

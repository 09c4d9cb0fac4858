"""Who may accept which risk, of exactly which state, and that an acceptance knows when it no longer fits."""

import asyncio
from uuid import UUID

import pytest
from sqlalchemy.exc import IntegrityError

from errors import Conflict, HazardClosed, NotAllowed, Unavailable
from models.audit.history import timeline
from models.controls import control_edits
from models.controls.control_answers import Answer
from models.enumerations import Capacity, ControlState, HazardStatus, Role, Stage, Standard
from models.hazards import hazard_edits
from models.projects import my_work
from models.risk import acceptance, acceptance_state, accepted_content, hazard_risk
from models.storage.database import Database
from models.users.people import ANYONE
from tests.models.accepting import REASONS, Log, a_log, acceptances, set_controls, set_member, set_user


async def named(log: Log, hazard: UUID) -> str:
    """The field that a refusal names."""
    with pytest.raises(Conflict) as refused:
        await log.accept(hazard)
    return refused.value.problems[0].field


async def test_levels_4_and_5_are_never_accepted_and_3_only_with_its_reasons(database: Database) -> None:
    log = await a_log()
    assert [await named(log, await log.hazard(level)) for level in (0, 3, 4, 5)] == [
        "initial",
        "alarp",
        "initial",
        "initial",
    ]
    hazard = await log.hazard(3)
    await log.argue(hazard)
    await log.accept(hazard)
    await log.accept(await log.hazard(1))
    [found] = await acceptances(hazard)
    assert (found.level, found.capacity, found.rationale, found.stale_date) == (
        3,
        Capacity.CSO,
        REASONS.rationale,
        None,
    )


async def test_the_residual_risk_is_what_is_accepted_once_it_is_evidenced(database: Database) -> None:
    log = await a_log()
    hazard = await log.hazard(4, "Photographs")
    await log.assess(hazard, 2)
    assert await named(log, hazard) == "controls"
    await set_controls(hazard, ControlState.VERIFIED)
    await log.accept(hazard)
    await log.assess(hazard, 5)
    with pytest.raises(Conflict):
        await log.accept(hazard)
    [found] = await acceptances(hazard)
    assert (found.level, found.withdrawn_date) == (2, None)
    assert found.stale_date


IMPLEMENTED, VERIFIED, PROPOSED = ControlState.IMPLEMENTED, ControlState.VERIFIED, ControlState.PROPOSED
# Levels that were assessed and claimed, the state of the control, an ALARP record: what hinders, or the level accepted.
WORSE = {
    (5, 2, IMPLEMENTED, True): "controls",
    (4, 3, None, True): "controls",
    (0, 1, IMPLEMENTED, True): "initial",
    (3, 1, IMPLEMENTED, False): "alarp",
    (3, 1, IMPLEMENTED, True): 3,
    (2, 1, PROPOSED, False): 2,
    (1, 2, PROPOSED, False): 2,
    (1, 4, VERIFIED, True): "residual",
    (5, 3, VERIFIED, True): 3,
    (0, 1, VERIFIED, False): "initial",
}


async def test_the_worse_of_what_is_claimed_and_what_is_evidenced_is_decided_on(database: Database) -> None:
    log = await a_log()
    for (initial, claimed, state, argued), expected in WORSE.items():
        hazard = await log.hazard(initial, *(["Photographs"] if state else []))
        await set_controls(hazard, state or PROPOSED)
        await log.assess(hazard, 3)
        if argued:
            await log.argue(hazard)
        await log.assess(hazard, claimed)
        # In the words of the database it is the same level; there a control that is only planned is waited for.
        acceptable = isinstance(expected, int)
        assert await to_accept(log) == int(acceptable and state is not PROPOSED)
        if not acceptable:
            assert await named(log, hazard) == expected
            continue
        await log.accept(hazard)
        [found] = await acceptances(hazard)
        told = (await timeline(ANYONE, log.project, 1, keys=[hazard]))[0]["after"]["acceptance"]
        rated = (await hazard_risk.of_hazard(log.project, hazard, ANYONE))["assessments"]
        of = [one["level"] for one in rated if one["id"] == found.assessment_id]
        assert ([found.level], [told["level"]], of) == ([expected],) * 3


async def to_accept(log: Log) -> int:
    """How many hazards wait for their acceptance, as my work says."""
    assert log.actor.user_id
    return int((await my_work.groups(log.actor.user_id, is_cso=True))["to_accept"]["total"])


async def test_a_manufacturer_s_officer_and_a_deployer_s_executive_accept(database: Database) -> None:
    """DCB0129 2.3, 6.4.1; DCB0160 2.2.2."""
    log = await a_log()
    hazard = await log.hazard(1)
    for change in ({"role": Role.CONTRIBUTOR}, {"role": Role.OWNER}):
        await set_member(log.project, **change)
        await set_user(log.actor.user_id, is_cso=change["role"] is Role.CONTRIBUTOR)
        with pytest.raises(NotAllowed):
            await log.accept(hazard)
    await set_user(log.actor.user_id, is_cso=True)
    await set_member(log.project, role=Role.CSO, is_executive=False)
    await log.accept(hazard)
    deployer = await a_log(Standard.DCB0160)
    theirs = await deployer.hazard(1)
    await set_member(deployer.project, role=Role.VIEWER)
    await deployer.accept(theirs)
    assert [one.capacity for one in await acceptances(theirs)] == [Capacity.EXECUTIVE]
    await set_member(deployer.project, role=Role.OWNER, is_executive=False)
    with pytest.raises(NotAllowed):
        await deployer.accept(theirs)
    with pytest.raises(NotAllowed):
        await acceptance.accept((await a_log()).actor, log.project, hazard, REASONS)


async def test_a_new_acceptance_takes_the_place_of_the_one_before(database: Database) -> None:
    log = await a_log()
    hazard = await log.hazard(2)
    keys = [await log.accept(hazard), await log.accept(hazard)]
    found = await acceptances(hazard)
    assert [one.id for one in found] == keys
    assert [one.withdrawn_date is None for one in found] == [False, True]
    history = await timeline(ANYONE, log.project, 100, keys=[hazard])
    assert [entry["action"] for entry in history] == ["hazard:accept", "hazard:accept", "hazard:create"]
    assert history[0]["before"] == history[1]["after"]


async def test_an_acceptance_is_stale_while_the_hazard_is_not_what_was_accepted(database: Database) -> None:
    log = await a_log()
    hazard = await log.hazard(2, "Photographs", causes=["Two of one name"])
    await log.accept(hazard)

    async def stale() -> bool:
        return (await acceptances(hazard))[-1].stale_date is not None

    async def edit(**fields: object) -> bool:
        version = (await hazard_edits.locked(log.project, hazard))["version"]
        await hazard_edits.edit(log.actor, log.project, hazard, version, fields)
        return await stale()

    assert [await edit(harm="Death"), await edit(harm="")] == [True, False]
    assert [await edit(causes=["Another"]), await edit(causes=["Two of one name"])] == [True, False]
    assert [await edit(types=["Identity"]), await edit(types=[])] == [True, False]
    # Who sees to it makes no difference to the risk, nor does the order of its causes.
    assert not await edit(owner="Ward manager")
    for state, expected in ((ControlState.VERIFIED, True), (ControlState.PROPOSED, False)):
        await set_controls(hazard, state)
        assert await stale() == expected
    await log.argue(hazard)
    assert await stale()


async def test_a_stale_acceptance_says_what_changed(database: Database) -> None:
    log = await a_log()
    hazard = await log.hazard(2, "Photographs")
    await log.accept(hazard)
    told = await hazard_risk.of_hazard(log.project, hazard, ANYONE)
    assert (told["acceptance"]["before"], told["acceptance"]["after"]) == ({}, {})
    await set_controls(hazard, ControlState.IMPLEMENTED)
    await log.assess(hazard, 1)
    told = await hazard_risk.of_hazard(log.project, hazard, ANYONE)
    before, after = told["acceptance"]["before"], told["acceptance"]["after"]
    assert before.keys() == after.keys() == {"controls", "residual"}
    assert [before["controls"][0]["state"], after["controls"][0]["state"]] == ["proposed", "implemented"]
    assert (before["residual"], after["residual"]["level"]) == (None, 1)


async def test_what_is_stored_is_what_was_hashed(database: Database) -> None:
    log = await a_log()
    hazard = await log.hazard(2, "Photographs", causes=["B", "A"], types=["Identity"], harm="Death\nof a patient")
    await log.argue(hazard)
    await log.accept(hazard)
    [found] = await acceptances(hazard)
    assert accepted_content.digest(found.content) == found.content_hash
    assert found.content == (await accepted_content.contents([hazard]))[hazard]
    assert [cause["description"] for cause in found.content["causes"]] == ["A", "B"]


async def test_reopening_withdraws_and_a_closed_hazard_is_not_accepted(database: Database) -> None:
    log = await a_log()
    hazard = await log.hazard(2)
    await log.accept(hazard)
    await log.become(hazard, HazardStatus.CLOSED)
    for refused in (log.accept(hazard), log.argue(hazard), log.assess(hazard, 1)):
        with pytest.raises(HazardClosed):
            await refused
    assert [one.withdrawn_date for one in await acceptances(hazard)] == [None]
    await log.become(hazard, HazardStatus.OPEN)
    assert (await acceptances(hazard))[0].withdrawn_date
    last = (await timeline(ANYONE, log.project, 100, keys=[hazard]))[0]
    assert (last["action"], last["after"]) == ("hazard:reopen", {"status": "open", "acceptance": None})
    assert last["before"]["acceptance"]["rationale"] == REASONS.rationale


async def test_what_is_learnt_of_a_control_makes_also_a_closed_hazard_s_acceptance_stale(database: Database) -> None:
    log = await a_log()
    hazard = await log.hazard(2, "Photographs")
    await set_controls(hazard, ControlState.VERIFIED)
    await log.accept(hazard)
    await log.become(hazard, HazardStatus.CLOSED)
    with pytest.raises(IntegrityError, match="closed hazard"):
        await set_controls(hazard, ControlState.WITHDRAWN)
    control = (await hazard_edits.locked(log.project, hazard))["controls"][0]["id"]
    await control_edits.answer(log.actor, log.project, control, 1, Answer(brings_hazards=True, reason="It is slow"))
    assert (await acceptances(hazard))[0].stale_date


@pytest.mark.parametrize("level", [1, 4, 5])
async def test_alarp_is_a_question_of_levels_2_and_3(database: Database, level: int) -> None:
    log = await a_log()
    hazard = await log.hazard(level)
    with pytest.raises(Conflict):
        await log.argue(hazard)
    await log.assess(hazard, 3)
    await log.argue(hazard)
    await log.argue(hazard)
    before = (await timeline(ANYONE, log.project, 100, keys=[hazard]))[0]["before"]
    assert [record["option"] for record in before["alarp"]] == ["A second device"]


async def test_the_list_of_assessments_has_those_that_were_superseded(database: Database) -> None:
    log = await a_log()
    hazard = await log.hazard(4)
    for level in (3, 2):
        await log.assess(hazard, level)
    told = (await hazard_risk.of_hazard(log.project, hazard, ANYONE))["assessments"]
    assert [(one["stage"], one["level"], one["superseded_date"] is None) for one in told] == [
        (Stage.RESIDUAL, 2, True),
        (Stage.RESIDUAL, 3, False),
        (Stage.INITIAL, 4, True),
    ]


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
async def test_who_changes_a_shared_control_waits_for_who_accepts(database: Database) -> None:
    """Else what is accepted could change before the acceptance is there to go stale."""
    log = await a_log()
    hazard = await log.hazard(2)

    async def follow() -> None:
        async with database.transaction() as connection:
            await connection.exec_driver_sql("SET LOCAL lock_timeout = '50ms'")
            await acceptance_state.follow([hazard])

    async with database.transaction():
        await log.accept(hazard)
        with pytest.raises(Unavailable):
            await asyncio.create_task(follow())
    await follow()

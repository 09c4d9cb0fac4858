"""Links of hazards: within a project, once, never in a circle of duplicates, and held by a closed hazard."""

import asyncio

import pytest

from errors import Conflict, HazardClosed, Invalid, NotFound
from models.audit.history import timeline
from models.enumerations import HazardLinkKind, HazardStatus
from models.hazards import hazard_links
from models.storage.columns import new_id
from models.storage.database import Database
from models.users.people import ANYONE
from tests.models.accepting import a_log

DUPLICATE, RELATED = HazardLinkKind.DUPLICATE, HazardLinkKind.RELATED


async def test_a_link_is_made_and_removed_and_both_are_in_the_history(database: Database) -> None:
    log = await a_log()
    hazard, other = [await log.hazard(1) for _ in range(2)]
    await hazard_links.link(log.actor, log.project, hazard, "haz-002", RELATED)
    [link] = await hazard_links.of_hazard(hazard)
    assert (link["hazard_id"], link["other_id"], link["kind"]) == (hazard, other, RELATED)
    assert [one["id"] for one in await hazard_links.of_hazard(other)] == [link["id"]]
    with pytest.raises(NotFound):
        await hazard_links.unlink(log.actor, log.project, other, link["id"])
    await hazard_links.unlink(log.actor, log.project, hazard, link["id"])
    assert await hazard_links.of_hazard(hazard) == []
    history = await timeline(ANYONE, log.project, 100, keys=[hazard])
    assert [entry["action"] for entry in history[:2]] == ["hazard:unlink", "hazard:link"]
    assert history[0]["before"] == history[1]["after"]
    assert history[1]["after"]["links"][0]["reference"] == "HAZ-002"
    assert [entry["entity_version"] for entry in history] == [3, 2, 1]


async def test_only_another_hazard_of_the_project_is_linked(database: Database) -> None:
    log, elsewhere = await a_log(), await a_log()
    hazard, foreign = await log.hazard(1), await elsewhere.hazard(1)
    for other in (str(hazard), "1", "HAZ-2", str(foreign), str(new_id()), "", "' OR 1=1"):
        with pytest.raises(Invalid) as refused:
            await hazard_links.link(log.actor, log.project, hazard, other, RELATED)
        assert [problem.field for problem in refused.value.problems] == ["other_id"]
    with pytest.raises(NotFound):
        await hazard_links.link(log.actor, log.project, foreign, str(hazard), RELATED)


async def test_a_pair_is_linked_once_whichever_way(database: Database) -> None:
    log = await a_log()
    hazard, other = [await log.hazard(1) for _ in range(2)]
    await hazard_links.link(log.actor, log.project, hazard, str(other), RELATED)
    for one, another in ((hazard, other), (other, hazard)):
        with pytest.raises(Conflict):
            await hazard_links.link(log.actor, log.project, one, str(another), DUPLICATE)


async def test_duplicates_make_no_circle(database: Database) -> None:
    log = await a_log()
    first, second, third, fourth = [await log.hazard(1) for _ in range(4)]
    for one, another in ((first, second), (second, third), (fourth, third)):
        await hazard_links.link(log.actor, log.project, one, str(another), DUPLICATE)
    with pytest.raises(Conflict):
        await hazard_links.link(log.actor, log.project, third, str(first), DUPLICATE)
    await hazard_links.link(log.actor, log.project, third, str(first), RELATED)
    assert await hazard_links.stands_for(log.project, first) == {second, third}


async def test_of_two_that_close_a_circle_at_once_one_does(database: Database) -> None:
    log = await a_log()
    pairs = [(await log.hazard(1), await log.hazard(1)) for _ in range(2)]
    (first, second), (third, fourth) = pairs
    for one, another in pairs:
        await hazard_links.link(log.actor, log.project, one, str(another), DUPLICATE)
    answers = await asyncio.gather(
        hazard_links.link(log.actor, log.project, second, str(third), DUPLICATE),
        hazard_links.link(log.actor, log.project, fourth, str(first), DUPLICATE),
        return_exceptions=True,
    )
    assert [type(answer) for answer in answers if answer] == [Conflict]


async def test_a_closed_hazard_keeps_its_links(database: Database) -> None:
    log = await a_log()
    hazard, other = [await log.hazard(1) for _ in range(2)]
    await hazard_links.link(log.actor, log.project, hazard, str(other), DUPLICATE)
    [link] = await hazard_links.of_hazard(hazard)
    await log.become(hazard, HazardStatus.CLOSED)
    for refused in (
        hazard_links.unlink(log.actor, log.project, hazard, link["id"]),
        hazard_links.link(log.actor, log.project, hazard, str(await log.hazard(1)), RELATED),
    ):
        with pytest.raises(HazardClosed):
            await refused
    # Another one may still say that it is related to a closed hazard.
    await hazard_links.link(log.actor, log.project, await log.hazard(1), str(hazard), RELATED)

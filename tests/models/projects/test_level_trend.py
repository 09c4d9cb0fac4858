"""Risk levels over time: at each point as many hazards as a person with a calendar would count."""

import datetime as dt
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.audit.audit import COMMAND_LINE, Actor
from models.enumerations import ControlStage, HazardStatus, Likelihood, Severity, Stage, Standard
from models.hazards import hazard_additions, hazard_edits
from models.hazards.hazard_additions import NewControl, NewHazard, NewRating
from models.projects import level_trend, projects
from models.projects.level_trend import MOST_POINTS, Life, points_until
from models.storage.columns import utc_now
from tests.authentication import stored

NOW = dt.datetime(2026, 11, 21, 4, tzinfo=dt.UTC)
WORST, MILD = NewRating(Severity.CATASTROPHIC, Likelihood.HIGH), NewRating(Severity.MINOR, Likelihood.LOW)


def test_a_life_is_told_by_its_ratings_and_turns() -> None:
    life = Life(0, HazardStatus.OPEN)
    life.ratings = [
        (Stage.INITIAL, 5, 2, 4),
        (Stage.INITIAL, 4, 4, None),
        (Stage.RESIDUAL, 2, 6, None),
    ]
    life.turns = [(8, "open", "closed"), (9, "closed", "open")]
    assert list(life.spans()) == [(0, 2, 0), (2, 4, 5), (4, 6, 4), (6, 8, 2), (9, None, 2)]


def test_what_was_imported_as_closed_never_counted() -> None:
    assert list(Life(0, HazardStatus.CLOSED).spans()) == []


@given(st.timedeltas(dt.timedelta(0), dt.timedelta(days=9000)))
def test_points_are_few_even_and_reach_from_the_beginning_to_now(age: dt.timedelta) -> None:
    points = points_until(NOW, NOW - age)
    assert (points[-1], len(points) <= MOST_POINTS) == (NOW, True)
    assert len({later - earlier for earlier, later in pairwise(points)}) <= 1
    assert points[0] <= NOW - age + dt.timedelta(days=364)
    assert len(points) > 1


THEIRS = NewControl("Training of wards", ControlStage.ADDITIONAL)
"""Left to who deploys: the log is theirs."""


@pytest.mark.usefixtures("database")
async def test_it_counts_what_is_stored() -> None:
    ada = await stored.add_person("ada@example.org", "")
    project = await projects.create(COMMAND_LINE, ada, name="Ward", standard=Standard.DCB0160)
    hazards = [NewHazard("a", ratings={Stage.INITIAL: WORST}), NewHazard("b"), NewHazard("c", controls=[THEIRS])]
    keys = await hazard_additions.create(Actor(ada), project, hazards)
    await hazard_edits.assess(Actor(ada), project, keys[0], Stage.RESIDUAL, MILD)
    await hazard_edits.set_status(COMMAND_LINE, project, keys[2], HazardStatus.TRANSFERRED, "Theirs")
    await hazard_edits.assess(Actor(ada), project, keys[0], Stage.INITIAL, MILD)
    await hazard_additions.create(Actor(ada), project, [NewHazard("d", ratings={Stage.INITIAL: WORST})] * 2)
    days, counts = await level_trend.of_project(project, utc_now())
    assert [values[-1] for values in counts.values()] == [2, 1, 0, 0, 0, 2]
    assert {len(values) for values in counts.values()} == {len(days)}
    assert all(values[0] == 0 for values in counts.values())

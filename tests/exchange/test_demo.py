"""The demonstration is a log worth looking at: every part of the product has something to show."""

import json
from pathlib import Path

import pytest

from exchange.cells import fault_in
from exchange.demo import DemoProject, read_demo_project
from exchange.limits import LONGEST_NAME
from models.enumerations import ControlKind, HazardStatus
from models.risk.risk_matrix import MATRICES, OFFICIAL

CONTENT = (Path(__file__).parent.parent.parent / "commands" / "demo_project.json").read_bytes()


@pytest.fixture
def demo() -> DemoProject:
    return read_demo_project(CONTENT)


def test_it_has_a_dozen_hazards_with_all_their_parts(demo: DemoProject) -> None:
    hazards = demo.log.hazards
    assert len(hazards) == 12
    assert len({hazard.number for hazard in hazards}) == 12
    assert all(len(hazard.name) <= LONGEST_NAME and hazard.description and hazard.effect for hazard in hazards)
    assert all(len(hazard.causes) >= 2 and hazard.controls and hazard.initial for hazard in hazards)
    assert {hazard.status for hazard in hazards} == set(HazardStatus)
    assert {control.kind for hazard in hazards for control in hazard.controls} == set(ControlKind)


def test_every_level_occurs(demo: DemoProject) -> None:
    level = MATRICES[OFFICIAL].level
    ratings = [rating for hazard in demo.log.hazards for rating in (hazard.initial, hazard.residual) if rating]
    assert {level(rating.severity, rating.likelihood) for rating in ratings} == {1, 2, 3, 4, 5}
    assert all(rating.justification for rating in ratings)


def test_a_closed_or_transferred_hazard_says_why(demo: DemoProject) -> None:
    for hazard in demo.log.hazards:
        assert bool(hazard.status_justification) == (hazard.status is not HazardStatus.OPEN)


def test_no_residual_risk_is_above_the_initial_one(demo: DemoProject) -> None:
    level = MATRICES[OFFICIAL].level
    for hazard in demo.log.hazards:
        if hazard.initial and hazard.residual:
            before, after = (level(rating.severity, rating.likelihood) for rating in (hazard.initial, hazard.residual))
            assert after <= before


def test_owners_are_roles_and_texts_can_be_stored(demo: DemoProject) -> None:
    """A role has no capital but its first, unless it is one of these."""
    titles = {"Clinical Safety Officer"}
    for hazard in demo.log.hazards:
        assert hazard.owner in titles or hazard.owner[1:] == hazard.owner[1:].lower()
        assert not any(map(fault_in, (hazard.description, hazard.effect, hazard.harm, *hazard.causes)))


def test_a_mistake_in_the_data_is_told() -> None:
    held = json.loads(CONTENT)
    held["hazards"][0]["initial"]["severity"] = "serious"
    with pytest.raises(ValueError, match="serious"):
        read_demo_project(json.dumps(held))

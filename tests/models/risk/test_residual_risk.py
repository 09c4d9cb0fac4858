"""Residual risk counts as far as its controls are verified, and never for less than what is claimed."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.enumerations import ControlStage, ControlState, Likelihood, Severity
from models.risk import residual_risk
from models.risk.risk_matrix import MATRICES, OFFICIAL

EXISTING, ADDITIONAL = ControlStage
PROPOSED, AGREED, IMPLEMENTED, VERIFIED, WITHDRAWN = ControlState


def rating(level: int) -> dict[str, Any]:
    return {"level": level, "severity": "major", "likelihood": "low", "justification": "Because"}


def hazard(initial: int, residual: int, *states: ControlState) -> dict[str, Any]:
    """A level of 0 is no assessment; the controls are additional ones."""
    return {
        "initial": rating(initial) if initial else None,
        "residual": rating(residual) if residual else None,
        "controls": [{"stage": ADDITIONAL, "state": state, "id": number} for number, state in enumerate(states)],
    }


@pytest.mark.parametrize(
    ("initial", "residual", "states", "level", "falls_back", "waiting"),
    [
        (4, 2, [VERIFIED, VERIFIED], 2, False, []),
        (4, 2, [VERIFIED, WITHDRAWN], 2, False, []),
        (4, 2, [], 4, True, []),
        (4, 2, [WITHDRAWN], 4, True, []),
        (4, 2, [PROPOSED, VERIFIED, AGREED, IMPLEMENTED], 4, True, [0, 2, 3]),
        (0, 2, [VERIFIED], 2, False, []),
        (0, 2, [IMPLEMENTED], None, True, [0]),
        (2, 4, [PROPOSED], 4, True, [0]),
        (2, 2, [PROPOSED], 2, True, [0]),
    ],
)
def test_a_claim_counts_once_its_controls_are_verified(  # noqa: PLR0913 - a column each
    initial: int, residual: int, states: list[ControlState], level: int | None, falls_back: bool, waiting: list[int]
) -> None:
    found = residual_risk.evidenced(hazard(initial, residual, *states))
    assert found
    assert (found["level"], found["falls_back"]) == (level, falls_back)
    assert [control["id"] for control in found["waiting_for"]] == waiting


def test_without_a_claim_there_is_nothing_to_evidence() -> None:
    assert residual_risk.evidenced(hazard(4, 0, VERIFIED)) is None


def test_existing_controls_bear_out_the_initial_risk_only() -> None:
    given = hazard(4, 2)
    given["controls"] = [{"stage": EXISTING, "state": VERIFIED, "id": 1}]
    assert (residual_risk.evidenced(given) or {})["level"] == 4


RATINGS = st.none() | st.builds(
    lambda severity, likelihood: {
        "severity": severity,
        "likelihood": likelihood,
        "level": MATRICES[OFFICIAL].level(severity, likelihood),
    },
    st.sampled_from(Severity),
    st.sampled_from(Likelihood),
)
CONTROLS = st.lists(
    st.fixed_dictionaries({"stage": st.sampled_from(ControlStage), "state": st.sampled_from(ControlState)})
)


@given(RATINGS, RATINGS, CONTROLS)
def test_it_is_never_better_than_what_is_claimed(initial: Any, residual: Any, controls: Any) -> None:
    found = residual_risk.evidenced({"initial": initial, "residual": residual, "controls": controls})
    assert (found is None) == (residual is None)
    if found and found["level"] is not None:
        assert found["level"] >= residual["level"]
        assert found["level"] in {rating["level"] for rating in (initial, residual) if rating}


def test_the_current_rating_is_the_residual_one_else_the_initial_one() -> None:
    assert [(residual_risk.current(hazard(*levels)) or {}).get("level") for levels in ((4, 2), (4, 0), (0, 0))] == [
        2, 4, None,
    ]  # fmt: skip

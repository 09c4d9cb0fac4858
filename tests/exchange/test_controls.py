"""Which controls a row holds, with the evidence that belongs to each and to no other."""

import pytest

from exchange.hazard_log import LoggedControl
from models.enumerations import ControlKind, ControlStage
from tests.exchange.official_log import a_hazard
from tests.exchange.reading import IG_HEADINGS, IG_ROW, csv_bytes, hazard, read, read_row

EXISTING, ADDITIONAL = ControlStage.EXISTING, ControlStage.ADDITIONAL


def test_every_column_of_controls_has_its_stage_and_kind() -> None:
    row = a_hazard(
        existing__design__description="Two identifiers",
        existing__design__evidence="Test 1",
        existing__training__description="Course",
        existing__business_process__description="Checked by a colleague",
        additional__design__description="One chart at a time",
        additional__training__description="Film",
        additional__training__evidence="Register",
        additional__business_process__description="Weekly audit",
    )
    assert hazard(row).controls == (
        LoggedControl(ControlKind.DESIGN, EXISTING, "Two identifiers", "Test 1"),
        LoggedControl(ControlKind.TRAINING, EXISTING, "Course", ""),
        LoggedControl(ControlKind.BUSINESS_PROCESS, EXISTING, "Checked by a colleague", ""),
        LoggedControl(ControlKind.DESIGN, ADDITIONAL, "One chart at a time", ""),
        LoggedControl(ControlKind.TRAINING, ADDITIONAL, "Film", "Register"),
        LoggedControl(ControlKind.BUSINESS_PROCESS, ADDITIONAL, "Weekly audit", ""),
    )


def test_the_older_columns_have_a_test_column_and_controls_of_any_kind() -> None:
    log = read(csv_bytes([IG_HEADINGS, IG_ROW]), "log.csv")
    assert [(control.kind, control.stage, control.description) for control in log.hazards[0].controls] == [
        (None, EXISTING, "Queue is watched"),
        (None, EXISTING, "Paging as a fallback"),
        (ControlKind.DESIGN, ADDITIONAL, "A second queue"),
        (ControlKind.TEST, ADDITIONAL, "Load test"),
        (ControlKind.BUSINESS_PROCESS, ADDITIONAL, "Bleep the doctor as well"),
    ]


@pytest.mark.parametrize(
    ("description", "evidence", "controls"),
    [
        ("one\ntwo", "proof", [("one\ntwo", "proof")]),
        ("1. one\n2. two", "", [("one", ""), ("two", "")]),
        ("1. one\n2. two", "n/a", [("one", ""), ("two", "")]),
        ("1. one\n2. two", "1. first\n2. second", [("one", "first"), ("two", "second")]),
        ("1. one\n2. two", "proof of something", [("1. one\n2. two", "proof of something")]),
        ("1. one\n2. two", "1. first", [("1. one\n2. two", "1. first")]),
        ("- one\n- two", "", [("one", ""), ("two", "")]),
        ("1. one", "1. first", [("one", "first")]),
        ("1. one", "first\nsecond", [("one", "first\nsecond")]),
        ("1. one", "1. first\n2. second", [("1. one", "1. first\n2. second")]),
        ("1. one\n2. two", "1. n/a\n2. second", [("one", ""), ("two", "second")]),
        ("As far as possible:\n- one\n- two", "", [("As far as possible:\n- one\n- two", "")]),
        ("n/a", "-", []),
        ("None", "", []),
    ],
)
def test_a_list_falls_apart_only_with_its_evidence(
    description: str, evidence: str, controls: list[tuple[str, str]]
) -> None:
    row = a_hazard(additional__design__description=description, additional__design__evidence=evidence)
    assert [(control.description, control.evidence) for control in hazard(row).controls] == controls


def test_evidence_without_a_control_is_a_problem() -> None:
    log = read_row(a_hazard(existing__training__evidence="Register"))
    assert log.hazards == ()
    assert [(problem.row, problem.column) for problem in log.problems] == [
        (5, "Initial Risk, Existing Controls, User Training, Description")
    ]

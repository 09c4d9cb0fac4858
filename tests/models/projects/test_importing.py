"""From a hazard log that was read to hazards and a report: nothing is changed in silence."""

import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from errors import Invalid
from exchange.records import HazardLog, HazardLogRefused, LoggedControl, LoggedHazard, Problem, Rating
from models.enumerations import ControlKind, ControlStage, HazardStatus, Likelihood, Severity, Stage
from models.hazards.hazard_additions import NewControl, NewRating
from models.projects import importing
from models.risk.risk_matrix import MATRICES, OFFICIAL
from tests.exchange.official_log import official_workbook_bytes, rated

LEVEL = MATRICES[OFFICIAL].level
RATINGS = st.builds(
    Rating, st.sampled_from(Severity), st.sampled_from(Likelihood), st.none() | st.integers(1, 5), st.just("Because")
)


def logged(row: int = 5, **changes: Any) -> LoggedHazard:
    whole: dict[str, Any] = {
        "row": row, "number": "H-1", "name": "A name", "description": "Two\nlines", "effect": "Effect", "harm": "Harm",
        "causes": ("One", "Two"), "controls": (), "initial": None, "residual": None, "owner": "Ward\nmanager",
        "status": HazardStatus.OPEN, "identified_date": None,
    }  # fmt: skip
    return LoggedHazard(**{**whole, **changes})


@given(st.lists(st.tuples(st.none() | RATINGS, st.none() | RATINGS), max_size=8))
def test_the_report_lists_exactly_the_levels_that_disagree(rows: list[tuple[Rating | None, Rating | None]]) -> None:
    hazards = [logged(row, initial=initial, residual=residual) for row, (initial, residual) in enumerate(rows, 5)]
    report = importing.report_of(HazardLog("official-3.6", tuple(hazards), ()), OFFICIAL)
    expected = [
        {
            "row": row,
            "stage": stage,
            "stored": rating.stored_level,
            "derived": LEVEL(rating.severity, rating.likelihood),
        }
        for row, pair in enumerate(rows, 5)
        for stage, rating in zip(("initial", "residual"), pair, strict=True)
        if rating and rating.stored_level and rating.stored_level != LEVEL(rating.severity, rating.likelihood)
    ]
    assert report["disagreements"] == expected
    assert (report["imported"], report["skipped"]) == (len(rows), 0)


def test_a_row_with_several_problems_is_skipped_once() -> None:
    problems = (Problem(7, "Severity", "Wrong."), Problem(7, "Status", "Wrong."), Problem(None, "", "Another sheet."))
    report = importing.report_of(HazardLog("official-3.6", (logged(),), problems), OFFICIAL)
    assert (report["imported"], report["skipped"], len(report["problems"])) == (1, 1, 3)


def test_everything_read_becomes_part_of_the_hazard() -> None:
    control = LoggedControl(ControlKind.TEST, ControlStage.ADDITIONAL, "Load test", "Report 3")
    initial = Rating(Severity.MAJOR, Likelihood.LOW, 5, "Because")
    hazard = importing.new_hazard(
        logged(controls=(control,), initial=initial, status_justification="Open - ward", recorded=(("Own", "Kept"),))
    )
    assert (hazard.name, hazard.description, hazard.effect, hazard.harm) == ("A name", "Two\nlines", "Effect", "Harm")
    assert (hazard.recorded_number, hazard.owner, hazard.causes) == ("H-1", "Ward\nmanager", ["One", "Two"])
    assert (hazard.recorded, hazard.status_justification) == ({"Own": "Kept"}, "Open - ward")
    assert hazard.controls == [NewControl("Load test", ControlStage.ADDITIONAL, ControlKind.TEST, "Report 3")]
    rating = NewRating(Severity.MAJOR, Likelihood.LOW, justification="Because", recorded_level=5)
    assert hazard.ratings == {Stage.INITIAL: rating}


def test_what_is_empty_stays_unsaid() -> None:
    hazard = importing.new_hazard(logged(number=""))
    assert (hazard.recorded_number, hazard.recorded, hazard.status_justification) == (None, None, None)


@pytest.mark.parametrize(
    ("problem", "sentence"),
    [
        (Problem(7, "Severity", "Enter it."), "Row 7, Severity: Enter it."),
        (Problem(7, "", "Enter it."), "Row 7: Enter it."),
        (Problem(None, "Of our own", "It is kept."), "Of our own: It is kept."),
        (Problem(None, "", "Another sheet."), "Another sheet."),
    ],
)
def test_a_problem_says_where(problem: Problem, sentence: str) -> None:
    assert importing.sentence(problem) == sentence


@pytest.mark.parametrize(("count", "said"), [(1, "1 problem,"), (2, "2 problems,"), (1_234, "1,234 problems,")])
def test_a_refusal_counts_the_problems(count: int, said: str) -> None:
    refusal = importing.refusal([Problem(row, "Severity", "Enter it.") for row in range(count)])
    assert isinstance(refusal, Invalid)
    assert said in refusal.detail
    assert len(refusal.problems) == min(count, importing.MOST_SHOWN + 1)


def test_a_file_is_known_by_its_bytes() -> None:
    content = official_workbook_bytes([rated(number=1)])
    first, second = (importing.read(io.BytesIO(content), name, None) for name in ("a\0b.xlsx", "c" * 300 + ".xlsx"))
    assert first.sha256 == second.sha256
    assert (first.name, len(second.name)) == ("ab.xlsx", importing.LONGEST_NAME)
    assert importing.read(io.BytesIO(official_workbook_bytes([rated(number=2)])), "x.xlsx", None).sha256 != first.sha256


def test_what_cannot_be_read_is_refused() -> None:
    with pytest.raises(HazardLogRefused):
        importing.read(io.BytesIO(b"nothing"), "log.xlsx", None)

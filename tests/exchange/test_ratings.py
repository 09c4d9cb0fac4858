"""Ratings come whole, in words, with the level that the file stores; half of one stops the row."""

import pytest

from exchange.hazard_log import Rating
from models.enumerations import Likelihood, Severity
from tests.exchange.official_log import a_hazard, official_workbook_bytes, rated, with_results
from tests.exchange.reading import hazard, read, read_row


def test_both_ratings_with_their_justification() -> None:
    row = rated(
        " Major ", "Very high ", initial__justification="Seen\ntwice",
        residual__severity="MAJOR", residual__likelihood="very_low", residual__risk=2,
    )  # fmt: skip
    read_back = hazard(row)
    assert read_back.initial == Rating(Severity.MAJOR, Likelihood.VERY_HIGH, None, "Seen\ntwice")
    assert read_back.residual == Rating(Severity.MAJOR, Likelihood.VERY_LOW, 2, "")


@pytest.mark.parametrize("risk", [3, 3.0, "3", " 3\n"])
def test_a_stored_level_is_given_as_it_is_stored(risk: object) -> None:
    found = hazard(rated("Minor", "Low", initial__risk=risk)).initial
    assert found
    assert found.stored_level == 3


def test_the_result_of_a_formula_is_the_stored_level() -> None:
    book = official_workbook_bytes([rated("Major", "Low"), rated("Major", "Low"), rated("Major", "Low")])
    log = read(with_results(book, {"O5": 4, "O6": "#N/A"}))
    assert [hazard.initial and hazard.initial.stored_level for hazard in log.hazards] == [4, None, None]
    assert log.problems == ()


@pytest.mark.parametrize("risk", ["Moderate", 12, "9", "3 - Undesirable", 2.5])
def test_any_other_level_is_kept_as_recorded(risk: object) -> None:
    row = rated(initial__risk=risk)
    found = hazard(row)
    assert found.initial
    assert found.initial.stored_level is None
    assert found.recorded == (("Initial Risk, Initial Risk Assessment, Risk", str(risk)),)
    assert [note.column for note in read_row(row).notes] == ["Initial Risk, Initial Risk Assessment, Risk"]


@pytest.mark.parametrize("nothing", ["", None, "n/a", "-"])
def test_no_rating_is_no_problem(nothing: object) -> None:
    found = hazard(a_hazard(residual__severity=nothing, residual__likelihood=nothing, residual__risk=nothing))
    assert found.initial is None
    assert found.residual is None


@pytest.mark.parametrize(
    ("fields", "column"),
    [
        ({"initial__severity": "Major"}, "Initial Risk, Initial Risk Assessment, Likelihood"),
        ({"initial__likelihood": "Low"}, "Initial Risk, Initial Risk Assessment, Severity"),
        ({"residual__severity": "Major"}, "Residual Risk, Residual Risk Assessment, Likelihood"),
        ({"residual__risk": 3}, "Residual Risk, Residual Risk Assessment, Severity"),
        (
            {"initial__severity": "Serious", "initial__likelihood": "Low"},
            "Initial Risk, Initial Risk Assessment, Severity",
        ),
        ({"initial__severity": "Major", "initial__likelihood": 2}, "Initial Risk, Initial Risk Assessment, Likelihood"),
        ({"initial__severity": 4, "initial__likelihood": "Low"}, "Initial Risk, Initial Risk Assessment, Severity"),
        (
            {"initial__severity": "#REF!", "initial__likelihood": "Low"},
            "Initial Risk, Initial Risk Assessment, Severity",
        ),
    ],
)
def test_half_a_rating_or_another_word_stops_the_row(fields: dict[str, object], column: str) -> None:
    log = read_row(a_hazard(**fields))
    assert log.hazards == ()
    assert (5, column) in [(problem.row, problem.column) for problem in log.problems]
    assert not any("Serious" in problem.message for problem in log.problems)


def test_a_justification_without_a_rating_is_kept() -> None:
    found = hazard(a_hazard(initial__justification="To be rated at the next workshop"))
    assert found.recorded == (
        ("Initial Risk, Initial Risk Assessment, Justification", "To be rated at the next workshop"),
    )

"""Rows become hazards: every line is kept, nothing is guessed, and each problem names its place."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange import hazards
from exchange.hazards import short_name
from exchange.limits import LONGEST_NAME
from models.enumerations import HazardStatus
from tests.exchange.official_log import Row, a_hazard, official_workbook_bytes, rated
from tests.exchange.reading import IG_HEADINGS, IG_ROW, csv_bytes, hazard, read, read_row, refused

TEXTS = st.text(alphabet=st.characters(exclude_categories=["Cc", "Cs"], include_characters="\n"), max_size=700)


def test_every_field_of_a_row() -> None:
    row = a_hazard(
        number=7,
        identified_date=datetime(2026, 3, 1),  # noqa: DTZ001 - Excel knows no zone
        hazard="Wrong dose\nis shown",
        effect="Overdose\nor underdose",
        harm="Death of one patient",
        causes="1. Rounding\n2. Wrong unit",
        owner="Pharmacy lead\nand deputy",
        status="Closed",
    )
    found = hazard(row)
    assert (found.row, found.number, found.name) == (5, "7", "Wrong dose")
    assert found.description == "Wrong dose\nis shown"
    assert (found.effect, found.harm) == ("Overdose\nor underdose", "Death of one patient")
    assert found.causes == ("Rounding", "Wrong unit")
    assert (found.owner, found.status) == ("Pharmacy lead\nand deputy", HazardStatus.CLOSED)
    assert (found.identified_date, found.status_justification) == (date(2026, 3, 1), "")


@given(TEXTS.filter(str.strip))
def test_a_name_is_one_short_line_of_the_hazard(text: str) -> None:
    text = text.strip()
    name = short_name(text)
    assert len(name) <= LONGEST_NAME
    assert "\n" not in name
    assert text.startswith(name)


def test_a_long_name_is_cut_between_words_and_kept_in_full() -> None:
    long = "word " * 100
    assert hazard(a_hazard(hazard=long)).name == ("word " * 60).strip()
    assert hazard(a_hazard(hazard=long)).description == long.strip()
    assert short_name("x" * 400) == "x" * LONGEST_NAME
    row = [*IG_ROW]
    row[1] = long
    found = read(csv_bytes([IG_HEADINGS, row]), "log.csv").hazards[0]
    assert found.description == f"{long.strip()}\n\n{IG_ROW[2]}"


def test_a_row_with_text_but_no_hazard_is_a_problem() -> None:
    log = read(official_workbook_bytes([a_hazard(), a_hazard(hazard=None, causes="A further cause")]))
    assert [hazard.row for hazard in log.hazards] == [5]
    assert [(problem.row, problem.column) for problem in log.problems] == [
        (6, "Hazard Assessment, Hazard Description, Hazard")
    ]


def test_empty_rows_are_skipped_and_numbered_ones_noted() -> None:
    rows: list[Row] = [
        a_hazard(number=1),
        {},
        {"number": " ", "harm": "\n"},
        {"number": 3},
        {"number": 4},
        a_hazard(number=5),
    ]
    log = read(official_workbook_bytes(rows))
    assert [hazard.row for hazard in log.hazards] == [5, 10]
    assert log.problems == ()
    assert [(note.row, "8, 9" in note.message) for note in log.notes] == [(None, True)]


def test_a_number_may_stand_once() -> None:
    rows = [a_hazard(number="HAZ 1"), a_hazard(number=" haz  1"), a_hazard(), a_hazard(), a_hazard(number="HAZ 11")]
    log = read(official_workbook_bytes(rows))
    assert [hazard.row for hazard in log.hazards] == [5, 7, 8, 9]
    assert [(problem.row, problem.column) for problem in log.problems] == [(6, "No.")]
    assert "Row 5" in log.problems[0].message


@pytest.mark.parametrize("text", ["Closed - awaiting approval", "Draft", "Transferred to the trust"])
def test_a_status_that_is_not_certain_is_a_problem(text: str) -> None:
    log = read_row(a_hazard(status=text))
    assert log.hazards == ()
    assert [problem.column for problem in log.problems] == ["Status"]
    assert text not in log.problems[0].message


def test_an_open_status_with_more_words_is_open_and_says_so() -> None:
    log = read(official_workbook_bytes([a_hazard(status="Open - controlled")] * 12))
    assert {(hazard.status, hazard.status_justification) for hazard in log.hazards} == {
        (HazardStatus.OPEN, "Open - controlled")
    }
    assert [(note.row, note.column) for note in log.notes] == [(None, "Status")]
    assert log.notes[0].message.endswith("Rows: 5, 6, 7, 8, 9, 10, 11, 12, 13, 14 and 2 more.")


def test_a_date_that_is_none_is_a_problem() -> None:
    log = read(official_workbook_bytes([a_hazard(identified_date=value) for value in ("14.02.2020", "soon", 43875)]))
    assert [hazard.identified_date for hazard in log.hazards] == [date(2020, 2, 14)]
    assert [(problem.row, problem.column) for problem in log.problems] == [(6, "Date Added"), (7, "Date Added")]


def test_a_control_character_is_named_with_its_cell() -> None:
    row = [*IG_ROW]
    row[3] = "late\0 treatment"
    log = read(csv_bytes([IG_HEADINGS, row]), "log.csv")
    assert log.hazards == ()
    assert [(problem.row, problem.column) for problem in log.problems] == [(2, "Potential Clinical Impact")]
    assert "D2" in log.problems[0].message
    assert "treatment" not in log.problems[0].message


def test_a_formula_that_was_never_run_is_a_problem_where_it_hides_text() -> None:
    log = read(official_workbook_bytes([rated(harm="=C5"), rated()]))
    assert [hazard.row for hazard in log.hazards] == [6]
    assert [(problem.row, problem.column) for problem in log.problems] == [
        (5, "Hazard Assessment, Hazard Description, Harm")
    ]
    assert "E5" in log.problems[0].message


def test_numbers_by_formula_make_no_hazards_of_empty_rows() -> None:
    log = read(official_workbook_bytes([rated(number="=ROW()-4"), {"number": "=ROW()-4"}, rated(number=3)]))
    assert [hazard.row for hazard in log.hazards] == [7]
    assert [(problem.row, problem.column) for problem in log.problems] == [(5, "No.")]


def test_actions_and_own_columns_are_kept_as_recorded() -> None:
    headings = (*IG_HEADINGS, "Ticket", "Ticket")
    log = read(csv_bytes([headings, (*IG_ROW, "T-1", "T-2")]), "log.csv")
    assert log.hazards[0].recorded == (
        ("Ticket (column T)", "T-1"),
        ("Ticket (column U)", "T-2"),
        ("Actions Summary", "Order the second queue"),
    )
    assert [note.column for note in log.notes] == ["Ticket (column T)", "Ticket (column U)"]
    assert log.hazards[0].owner == "Integration lead"


def test_text_under_no_heading_is_a_problem() -> None:
    log = read(csv_bytes([IG_HEADINGS, (*IG_ROW, "shifted by an unquoted comma")]), "log.csv")
    assert log.hazards == ()
    assert "T2" in log.problems[0].message


def test_too_many_rows_or_problems_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    content = official_workbook_bytes([a_hazard(status="Draft")] * 4)
    monkeypatch.setattr(hazards, "MOST_PROBLEMS", 3)
    assert "right file" in refused(content).detail
    monkeypatch.setattr(hazards, "MOST_ROWS", 3)
    assert "rows" in refused(official_workbook_bytes([a_hazard()] * 4)).detail
    monkeypatch.setattr(hazards, "MOST_ROWS", 4)
    assert len(read(official_workbook_bytes([a_hazard()] * 4)).hazards) == 4

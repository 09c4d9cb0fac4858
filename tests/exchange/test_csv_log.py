"""CSV files of every origin: separators, encodings, broken quotes, zero bytes, and files that are no text."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange.csv_log import SEPARATORS
from exchange.hazard_log import UnsafeFile
from tests.exchange.official_log import COLUMNS, HEADINGS, official_workbook, rated
from tests.exchange.reading import (
    IG_HEADINGS,
    IG_ROW,
    REFERRAL_HEADINGS,
    REFERRAL_ROW,
    csv_bytes,
    read,
    refused,
)

PLAIN = csv_bytes([IG_HEADINGS, IG_ROW])


@pytest.mark.parametrize("separator", SEPARATORS)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_separators_and_encodings(separator: str, encoding: str) -> None:
    row = [*IG_ROW]
    row[2] = f'Dose \u00a35 \u2013 caf\u00e9{separator} "quoted"\nsecond line'
    log = read(csv_bytes([IG_HEADINGS, row], separator, encoding), "log.csv")
    assert log.layout == "ig-table-2"
    assert log.hazards[0].description == row[2]
    assert log.problems == ()
    assert [note.row for note in log.notes] == ([None] if encoding == "cp1252" else [])


@given(st.text(alphabet=st.characters(exclude_categories=["Cc", "Cs"], include_characters="\n,;\"'|\t"), max_size=300))
def test_no_line_of_a_cell_is_lost(text: str) -> None:
    row = [*IG_ROW]
    row[3] = text
    if text.strip().startswith(("=", "#")):
        return
    assert read(csv_bytes([IG_HEADINGS, row]), "log.csv").hazards[0].effect == text.strip()


def test_the_clinical_referral_columns() -> None:
    log = read(csv_bytes([REFERRAL_HEADINGS, REFERRAL_ROW]), "log.csv")
    found = log.hazards[0]
    assert log.layout == "clinical-referral-csv"
    assert found.initial
    assert (found.initial.severity, found.initial.likelihood) == ("considerable", "high")
    assert found.recorded == (("Initial risk", "High"), ("Residual risk", "Low"))
    assert (found.status, found.status_justification) == ("open", "Open - controlled")
    assert found.causes == ("Printer fails; post is late",)
    assert [control.evidence for control in found.controls] == ["Test report 4"]


def test_the_official_sheet_saved_as_csv() -> None:
    row = rated(number=1, initial__risk=3, residual__risk="", status="Open")
    log = read(csv_bytes(official_workbook([row])["Hazard Log"].iter_rows(values_only=True)), "log.csv")
    assert (log.layout, len(log.hazards), log.hazards[0].row) == ("official-3.6", 1, 5)
    assert log.hazards[0].initial
    assert log.hazards[0].initial.stored_level == 3


def test_a_title_above_the_headings_and_a_separator_line() -> None:
    assert read(b"sep=;\nHazard log;;\n\n" + csv_bytes([IG_HEADINGS, IG_ROW], ";"), "log.csv").hazards[0].row == 5


def test_empty_lines_count_as_a_spreadsheet_counts_them() -> None:
    log = read(csv_bytes([IG_HEADINGS, [], [""] * 19, IG_ROW]), "log.csv")
    assert [hazard.row for hazard in log.hazards] == [4]


@pytest.mark.parametrize(
    "content",
    [
        PLAIN.replace(b"Treatment starts late", b'"Treatment starts late'),
        PLAIN.replace(b"Treatment starts late", b'"Treatment" starts late'),
        PLAIN[:-6] + b'"Open',
    ],
    ids=["never closed", "text behind", "cut off"],
)
def test_broken_quotes_are_not_mended_in_silence(content: bytes) -> None:
    error = refused(content, "log.csv")
    assert "near line" in error.detail


def test_a_row_that_ends_early_is_a_problem() -> None:
    log = read(csv_bytes([IG_HEADINGS, IG_ROW[:16], [*IG_ROW[:1], *["x"] * 6]]), "log.csv")
    assert log.hazards == ()
    assert {problem.row for problem in log.problems} == {2, 3}
    unquoted = PLAIN.replace(b'"1. Queue full\n2. Network down"', b"1. Queue full\r\n2. Network down")
    assert 2 in {problem.row for problem in read(unquoted, "log.csv").problems}


def test_a_quotation_mark_within_a_plain_text_is_text() -> None:
    row = PLAIN.replace(b"Treatment starts late", b'A 5" pipe')
    assert read(row, "log.csv").hazards[0].effect == 'A 5" pipe'


@pytest.mark.parametrize(
    "content",
    [
        b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x81\x8d" + bytes(range(256)) * 20,
        b"%PDF-1.7\n" + os.urandom(4000) + b"\x81",
        "hazard".encode("utf-16-le") * 100,
        b"\xff\xfea",
        b"\0" * 5000,
        b"," * 2_000_000,
        b"\xff\xfe\0\0" + "Hazard Name".encode("utf-32-le"),
    ],
    ids=["jpeg", "pdf", "utf-16 unmarked", "half a character", "zeros", "one long line", "utf-32"],
)
def test_what_is_no_text_is_refused(content: bytes) -> None:
    assert refused(content, "log.csv").code == "FILE_NOT_UNDERSTOOD"


@pytest.mark.parametrize(
    "content", [b"a,b\n1,2\n", b"<html><table></table></html>", b"\n\n\n", "\u2603".encode() * 999]
)
def test_text_without_headings_is_refused(content: bytes) -> None:
    assert refused(content, "log.csv").code == "LAYOUT_NOT_RECOGNISED"


def test_one_cell_of_a_megabyte_is_refused() -> None:
    row = [*IG_ROW]
    row[2] = "word\n" * 200_000
    assert "near line" in refused(csv_bytes([IG_HEADINGS, row]), "log.csv").detail


def test_a_cell_longer_than_excel_allows_is_a_problem() -> None:
    row = [*IG_ROW]
    row[2] = "word\n" * 8_000
    log = read(csv_bytes([IG_HEADINGS, row]), "log.csv")
    assert log.hazards == ()
    assert [(problem.row, problem.column) for problem in log.problems] == [(2, "Hazard Description")]


@pytest.mark.parametrize("cell", ["=cmd|'/c calc'!A0", '=HYPERLINK("https://example.org")', "='[a.xlsx]S'!A1"])
def test_a_formula_that_points_outside_is_refused(cell: str) -> None:
    row = [*IG_ROW]
    row[3] = cell
    error = refused(csv_bytes([IG_HEADINGS, row]), "log.csv")
    assert isinstance(error, UnsafeFile)
    assert "D2" in error.detail


@pytest.mark.parametrize("cell", ["- see https://example.org/a", "=> nothing happens", "@ward", "+1 dose"])
def test_text_that_only_looks_like_a_formula_is_kept(cell: str) -> None:
    row = [*IG_ROW]
    row[3] = cell
    assert read(csv_bytes([IG_HEADINGS, row]), "log.csv").hazards[0].effect == cell


def test_more_columns_than_any_log_are_refused() -> None:
    assert "columns" in refused(csv_bytes([["x"] * 201]), "log.csv").detail


@given(st.binary(max_size=400))
def test_any_bytes_are_survived(content: bytes) -> None:
    if not content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        refused(content, "log.csv")


def test_the_fixture_has_the_columns_of_the_template() -> None:
    assert len(COLUMNS) == 28
    assert len(HEADINGS) == 42

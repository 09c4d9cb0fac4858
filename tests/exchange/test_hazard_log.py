"""The way in: the kind of file, the sheet, the layout, and a report that leaves nothing out."""

import io

import pytest

from exchange import hazard_log
from exchange.hazard_log import LAYOUTS, LayoutNotRecognised
from exchange.limits import MIB
from tests.exchange.official_log import a_hazard, official_workbook, official_workbook_bytes, rated, saved
from tests.exchange.reading import IG_HEADINGS, IG_ROW, csv_bytes, read, refused


def test_the_layouts_have_names_and_a_line_each() -> None:
    assert list(LAYOUTS) == ["official-3.6", "ig-table-2", "clinical-referral-csv", "joint-journey", "dcsp-pages"]
    assert all(line and "\n" not in line for line in LAYOUTS.values())


def test_a_layout_may_be_named() -> None:
    content = official_workbook_bytes([rated()])
    assert read(content, layout="official-3.6").layout == "official-3.6"
    assert isinstance(refused(content, layout="ig-table-2"), LayoutNotRecognised)
    assert "official-3.6" in refused(content, layout="concentric").detail


@pytest.mark.parametrize("name", ["log", "", "LOG.XLSX", "log.final.v2.xlsx", "a/b\\c.xlsx", "log.bin"])
def test_the_name_decides_nothing_else(name: str) -> None:
    assert len(read(official_workbook_bytes([rated()]), name).hazards) == 1


def test_the_file_is_read_from_its_start_and_stays_open() -> None:
    file = io.BytesIO(official_workbook_bytes([rated()]))
    file.seek(100)
    for _ in range(2):
        assert len(hazard_log.read_hazard_log(file, "log.xlsx").hazards) == 1
    assert not file.closed


def test_the_older_columns_in_a_workbook() -> None:
    book = official_workbook([])
    for name in book.sheetnames[1:]:
        del book[name]
    for row in (IG_HEADINGS, IG_ROW):
        book.worksheets[0].append(row)
    log = read(saved(book))
    assert (log.layout, len(log.hazards)) == ("ig-table-2", 1)
    assert log.hazards[0].controls == read(csv_bytes([IG_HEADINGS, IG_ROW]), "log.csv").hazards[0].controls


def test_a_sheet_of_another_name_is_found_if_it_is_the_only_one() -> None:
    book = official_workbook([rated()])
    book["Hazard Log"].title = "Release 4"
    assert len(read(saved(book)).hazards) == 1
    book.copy_worksheet(book["Release 4"]).title = "Release 5"
    assert "'Release 4', 'Release 5'" in refused(saved(book)).detail


def test_a_second_log_is_never_left_out_in_silence() -> None:
    book = official_workbook([rated()])
    book.copy_worksheet(book["Hazard Log"]).title = "Closed hazards"
    log = read(saved(book))
    assert len(log.hazards) == 1
    assert [(problem.row, "'Closed hazards'" in problem.message) for problem in log.problems] == [(None, True)]


def test_an_empty_copy_of_the_sheet_is_no_matter() -> None:
    book = official_workbook([rated()])
    copy = book.copy_worksheet(book["Hazard Log"])
    copy.delete_rows(5, 5)
    assert read(saved(book)).problems == ()


def test_missing_headings_are_named() -> None:
    book = official_workbook([rated()])
    book["Hazard Log"]["D4"] = "Danger"
    book["Hazard Log"]["M4"] = "How bad"
    error = refused(saved(book))
    assert isinstance(error, LayoutNotRecognised)
    assert "official-3.6" in error.detail
    assert "hazard, initial severity" in error.detail


def test_two_headings_of_one_meaning_are_named() -> None:
    error = refused(csv_bytes([[*IG_HEADINGS, "Status"], [*IG_ROW, "Open"]]), "log.csv")
    assert "Hazard Status, Status" in error.detail


def test_a_log_without_hazards_is_refused() -> None:
    assert "no hazards" in refused(official_workbook_bytes([{"number": 1}])).detail


def test_a_file_that_is_too_large_is_refused_unread() -> None:
    class Unread(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            assert size == 4
            return super().read(size)

    with pytest.raises(hazard_log.HazardLogRefused, match="25 MB"):
        hazard_log.read_hazard_log(Unread(bytes(25 * MIB + 1)), "log.xlsx")


def test_a_row_with_a_problem_is_never_among_the_hazards() -> None:
    rows = [rated(number=1), rated(severity="5"), rated(status="Draft"), a_hazard(hazard=None), rated(number=2)]
    log = read(official_workbook_bytes(rows))
    assert [hazard.row for hazard in log.hazards] == [5, 9]
    assert {problem.row for problem in log.problems} == {6, 7, 8}

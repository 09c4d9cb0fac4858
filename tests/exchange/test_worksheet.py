"""Our reading of a sheet gives what openpyxl, which is well tried, gives for the same file."""

import io
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from itertools import zip_longest
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH

from exchange.cells import UNREAD
from exchange.workbook import open_workbook
from tests.exchange.official_log import (
    RELATED,
    official_workbook,
    official_workbook_bytes,
    rated,
    read_part,
    saved,
    with_parts,
    with_shared_strings,
)
from tests.exchange.test_published_logs import LOGS, published

# openpyxl refuses control characters and the two that XML has no place for; "_x" is Excel's escape, tested apart.
TEXTS = st.text(alphabet=st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff"), max_size=40)
MOMENTS = st.datetimes(min_value=datetime(1904, 1, 2), max_value=datetime(2199, 1, 1))  # noqa: DTZ001 - Excel knows no zone
VALUES = (
    st.none()
    | st.booleans()
    | st.integers(-(10**15), 10**15)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXTS.filter(lambda text: not text.startswith("=") and "_x" not in text)
    | st.sampled_from(["two\nlines", " blanks ", "#N/A", "&<>\"'", "1.5"])
    | MOMENTS.map(lambda moment: moment.replace(microsecond=0))
    | MOMENTS.map(lambda moment: moment.date())
    | st.times().map(lambda moment: moment.replace(microsecond=0))
    | st.timedeltas(timedelta(0), timedelta(days=40)).map(lambda length: timedelta(seconds=length.seconds))
)
PLACES = st.tuples(st.integers(1, 40), st.integers(1, 30))


def ours(content: bytes) -> dict[str, list[Sequence[Any]]]:
    with open_workbook(io.BytesIO(content)) as (grids, _):
        return {grid.name: [list(row) for row in grid.rows()] for grid in grids}


def theirs(content: bytes) -> dict[str, list[Sequence[Any]]]:
    book = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
    return {sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)] for sheet in book.worksheets}


def same(one: object, other: object) -> bool:
    blank = ("", None, UNREAD)
    return (one in blank and other in blank) or (type(one) is type(other) and one == other)


def assert_same(content: bytes) -> None:
    mine, known = ours(content), theirs(content)
    assert list(mine) == list(known)
    for name, rows in known.items():
        for row, other in zip_longest(mine[name], rows, fillvalue=()):
            for cell, wanted in zip_longest(row, other):
                assert same(cell, wanted), (name, cell, wanted)


@settings(deadline=None, max_examples=60)
@given(st.dictionaries(PLACES, VALUES, max_size=25), st.booleans(), st.booleans())
def test_values_of_every_kind(cells: dict[tuple[int, int], Any], shared: bool, mac: bool) -> None:
    book = openpyxl.Workbook()
    book.epoch = MAC_EPOCH if mac else WINDOWS_EPOCH
    for (row, column), value in cells.items():
        book.worksheets[0].cell(row, column, value)
    content = saved(book)
    assert_same(with_shared_strings(content) if shared else content)


def test_a_log_of_ours() -> None:
    assert_same(
        official_workbook_bytes([rated(number=number, identified_date=date(2026, 3, 1)) for number in range(9)])
    )


@published
@pytest.mark.parametrize("path", sorted(LOGS.glob("*/*.xlsx")), ids=lambda path: path.parent.name)
def test_published_workbooks(path: Any) -> None:
    assert_same(path.read_bytes())


@pytest.mark.parametrize(
    ("stored", "read"),
    [
        ("one_x000D_\ntwo", "one\r\ntwo"),
        ("a _x005F_x000D_ typed", "a _x000D_ typed"),
        ("_x0041_ stays", "_x0041_ stays"),
    ],
)
def test_what_excel_escapes(stored: str, read: str) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0]["A1"] = stored
    assert ours(saved(book))["Sheet"] == [[read]]
    assert ours(with_shared_strings(saved(book)))["Sheet"] == [[read]]


def test_pronunciations_are_no_text() -> None:
    book = openpyxl.Workbook()
    book.worksheets[0]["A1"] = "Tokyo"
    spoken = {b"<t>Tokyo</t>": b"<t>Tokyo</t><rPh sb='0' eb='2'><t>spoken</t></rPh>"}
    assert ours(with_shared_strings(saved(book), spoken))["Sheet"] == [["Tokyo"]]
    inline = read_part(saved(book), "xl/worksheets/sheet1.xml").replace(*spoken.popitem())
    assert ours(with_parts(saved(book), {"xl/worksheets/sheet1.xml": inline}))["Sheet"] == [["Tokyo"]]


def test_a_workbook_in_other_folders_is_found_by_its_relations() -> None:
    """Some programs call the parts otherwise, or name them from the root of the package."""
    book = official_workbook_bytes([rated()])
    main = read_part(book, "_rels/.rels").replace(b"xl/workbook.xml", b"/office/book22.xml")
    related = read_part(book, "xl/_rels/workbook.xml.rels")
    assert b'"/xl/worksheets/sheet3.xml"' in related
    moved = with_parts(
        book,
        {
            "_rels/.rels": main,
            "xl/workbook.xml": None,
            "office/book22.xml": read_part(book, "xl/workbook.xml"),
            "office/_rels/book22.xml.rels": related.replace(b'"/xl/worksheets', b'"../xl/worksheets'),
        },
    )
    assert ours(moved) == ours(book)


def test_sheets_of_charts_and_parts_elsewhere_are_passed_over() -> None:
    book = official_workbook([rated()])
    book.create_chartsheet("Trend")
    content = saved(book)
    related = read_part(content, RELATED).replace(
        b"</Relationships>", b'<Relationship Id="x" Target="file:///C:/a.xlsx" TargetMode="External"/></Relationships>'
    )
    assert list(ours(with_parts(content, {RELATED: related}))) == book.sheetnames[:-1]


def test_times_and_lengths_of_time() -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet["A1"], sheet["B1"] = time(9, 30), timedelta(hours=25)
    sheet["C1"] = 43875
    sheet["C1"].number_format = '"serial" 0'
    sheet["D1"] = 43875
    sheet["D1"].number_format = "[$-809]dd mmmm yyyy;@"
    day = datetime(2020, 2, 14)  # noqa: DTZ001 - Excel knows no zone
    assert ours(saved(book))["Sheet"] == [[time(9, 30), timedelta(hours=25), 43875, day]]

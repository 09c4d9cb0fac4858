"""Workbooks that would act on opening, or whose formulas reach outside: refused, and the cell is named."""

import io
from collections.abc import Callable

import openpyxl
import pytest

from exchange.hazard_log import UnsafeFile
from tests.exchange.official_log import official_workbook_bytes, rated, read_part, with_parts
from tests.exchange.reading import read, refused

GOOD = official_workbook_bytes([rated(number=1)])


def with_type(kind: str) -> bytes:
    types = read_part(GOOD, "[Content_Types].xml")
    override = f'<Override PartName="/xl/x.bin" ContentType="{kind}"/></Types>'.encode()
    return with_parts(GOOD, {"[Content_Types].xml": types.replace(b"</Types>", override)})


CELLS = {"harm": "E6", "initial.risk": "O6", "owner": "AA6"}
LINK = '<externalLink xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{}</externalLink>'


@pytest.mark.parametrize(
    "make",
    [
        lambda: with_parts(GOOD, {"xl/vbaProject.bin": b"x"}),
        lambda: with_parts(GOOD, {"xl/macrosheets/sheet1.xml": b"<x/>"}),
        lambda: with_type("application/vnd.ms-excel.sheet.macroEnabled.main+xml"),
        lambda: with_type("application/vnd.ms-office.vbaProject"),
        lambda: with_parts(GOOD, {"xl/connections.xml": b"<connections/>"}),
        lambda: with_parts(GOOD, {"xl/externalLinks/e1.xml": LINK.format('<ddeLink ddeService="cmd"/>').encode()}),
        lambda: with_parts(GOOD, {"xl/externalLinks/e1.xml": LINK.format("<x:oleLink xmlns:x='y'/>").encode()}),
    ],
    ids=["vba", "macro sheet", "macro type", "vba type", "connection", "dde", "ole"],
)
def test_what_would_act_is_refused(make: Callable[[], bytes]) -> None:
    assert isinstance(refused(make()), UnsafeFile)


def test_a_link_to_another_workbook_that_nothing_uses_is_let_be() -> None:
    """The official template itself carries two, left over from the logs it was made from."""
    link = LINK.format('<externalBook r:id="rId1" xmlns:r="y"><sheetNames/></externalBook>').encode()
    assert len(read(with_parts(GOOD, {"xl/externalLinks/externalLink1.xml": link})).hazards) == 1


@pytest.mark.parametrize(
    "formula",
    [
        "=[1]Sheet1!A1",
        "=cmd|'/c calc'!A0",
        '=HYPERLINK("https://example.org","x")',
        '=WEBSERVICE("https://example.org")',
    ],
)
@pytest.mark.parametrize("field", list(CELLS))
def test_a_formula_that_points_outside_is_refused_and_named(formula: str, field: str) -> None:
    error = refused(official_workbook_bytes([rated(number=1), rated(**{field.replace(".", "__"): formula})]))
    assert isinstance(error, UnsafeFile)
    assert "'Hazard Log'" in error.detail
    assert f"Cell {CELLS[field]} " in error.detail
    assert "example" not in error.detail


def test_a_formula_on_any_sheet_counts_and_one_behind_a_name_too() -> None:
    book = openpyxl.load_workbook(io.BytesIO(GOOD))
    book["Cover Page"]["B2"] = "=[2]Other!B1"
    file = io.BytesIO()
    book.save(file)
    assert "'Cover Page'" in refused(file.getvalue()).detail
    names = b'<definedNames><definedName name="Old">[1]Sheet1!$A$1</definedName></definedNames><calcPr'
    named = with_parts(
        official_workbook_bytes([rated(owner="=Old")]),
        {"xl/workbook.xml": read_part(GOOD, "xl/workbook.xml").replace(b"<calcPr", names)},
    )
    assert "AA5" in refused(named).detail

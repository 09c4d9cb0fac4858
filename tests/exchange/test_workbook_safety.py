"""Workbooks that are none, that unpack to too much, or that would do something on opening: refused, none opened."""

import io
import struct
import tracemalloc
import zipfile
from contextlib import suppress
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exchange import workbook_parts, workbook_safety
from exchange.hazard_log import HazardLogRefused, UnsafeFile
from exchange.limits import MIB
from tests.exchange.official_log import a_hazard, official_workbook_bytes, rated, read_part, sheet_part, with_parts
from tests.exchange.reading import IG_HEADINGS, IG_ROW, read, refused

GOOD = official_workbook_bytes([rated(number=1)])
SHEET = "xl/worksheets/sheet3.xml"
BOMB = """<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">{}]>
<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>&e9;</sheetData></worksheet>"""
ENTITIES = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "&a;"}">' for n in range(10))


def zipped(**parts: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/"), content)
    return file.getvalue()


def sheet_of(cells: str) -> bytes:
    """The good workbook with these rows for its hazard log."""
    before, _, rest = read_part(GOOD, SHEET).partition(b"<sheetData>")
    return with_parts(GOOD, {SHEET: before + b"<sheetData>" + cells.encode() + b"</sheetData></worksheet>" + rest[:0]})


def test_the_workbook_that_the_others_are_made_of_is_read() -> None:
    assert sheet_part(GOOD) == SHEET
    assert len(read(GOOD).hazards) == 1


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"Hazard Number,Hazard Name\n1,x\n", "log.xlsx"),
        (b"Hazard Number,Hazard Name\n1,x\n", "log.XLS"),
        (GOOD, "log.csv"),
        (b"", "log.xlsx"),
        (b"", "log.csv"),
        (b"PK\x03\x04", "log.xlsx"),
        (GOOD[:2000], "log.xlsx"),
        (GOOD[:-30], "log.xlsx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(3000), "log.xls"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(3000), "log.xlsx"),
        (zipped(readme=b"no workbook"), "log.xlsx"),
        (zipped(word__document_xml=b"<w/>", mimetype=b"application/x"), "log.xlsx"),
        (zipped(**{"log.xlsx": GOOD}), "log.xlsx"),
    ],
    ids=[
        "text as xlsx", "text as xls", "workbook as csv", "empty", "empty csv", "four bytes", "half", "end cut off",
        "old excel", "password", "plain zip", "document", "workbook within a zip",
    ],
)  # fmt: skip
def test_what_is_no_workbook_is_refused(content: bytes, name: str) -> None:
    assert refused(content, name).code == "FILE_NOT_UNDERSTOOD"


@pytest.mark.parametrize("part", ["_rels/.rels", "xl/workbook.xml", "[Content_Types].xml", "xl/worksheets/sheet3.xml"])
def test_a_workbook_without_one_of_its_main_parts_is_refused(part: str) -> None:
    assert refused(with_parts(GOOD, {part: None})).code == "FILE_NOT_UNDERSTOOD"


@pytest.mark.parametrize("part", ["xl/worksheets/sheet3.xml", "xl/media/image9.png", "docProps/other.xml"])
@pytest.mark.parametrize("content", [b" " * MIB * 64, b" " * MIB * 210], ids=["64 MiB", "210 MiB"])
def test_a_part_that_unpacks_to_far_more_than_it_is_refused(part: str, content: bytes) -> None:
    bomb = with_parts(GOOD, {part: content})
    tracemalloc.start()
    error = refused(bomb)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert isinstance(error, UnsafeFile)
    assert most < 32 * MIB


def test_many_parts_that_unpack_to_too_much_together_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    parts: dict[str, bytes | None] = {f"xl/media/image{number}.png": bytes(9 * MIB) for number in range(4)}
    book = with_parts(GOOD, parts)
    assert read(book).hazards
    monkeypatch.setattr(workbook_safety, "LARGEST_UNPACKED", 20 * MIB)
    assert isinstance(refused(book), UnsafeFile)


def test_the_size_that_a_header_claims_is_not_believed() -> None:
    """The list of parts says that 64 MiB are 10 bytes; what comes out differs and is refused either way."""
    bomb = bytearray(with_parts(GOOD, {"xl/media/image9.png": bytes(64 * MIB)}))
    entry = bomb.index(b"PK\x01\x02", bomb.rindex(b"xl/media/image9.png") - 60)
    struct.pack_into("<L", bomb, entry + 24, 10)
    assert refused(bytes(bomb)).status == 422


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_ways_of_packing_that_excel_does_not_know_are_refused(method: int) -> None:
    file = io.BytesIO(GOOD)
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr("xl/media/image9.png", b"x" * 1000, method)
    assert refused(file.getvalue()).code == "FILE_NOT_UNDERSTOOD"


def test_two_parts_of_one_name_are_refused() -> None:
    file = io.BytesIO(GOOD)
    with zipfile.ZipFile(file, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr(SHEET, b"<worksheet/>")
    refused(file.getvalue())


def test_an_encrypted_part_is_refused() -> None:
    locked = bytearray(GOOD)
    entry = locked.index(b"PK\x01\x02")
    locked[entry + 8] |= 1
    assert "password" in refused(bytes(locked)).detail


def test_an_endless_list_of_parts_is_refused_before_it_is_read() -> None:
    parts: dict[str, bytes | None] = {f"x/{number:050}": b"" for number in range(6_000)}
    assert isinstance(refused(with_parts(GOOD, parts)), UnsafeFile)
    few: dict[str, bytes | None] = {f"x/{number}": b"" for number in range(2_001)}
    assert isinstance(refused(with_parts(GOOD, few)), UnsafeFile)


def test_a_thousand_sheets_are_refused() -> None:
    sheets = "".join(f'<sheet name="{number}" sheetId="{number}" r:id="rId3"/>' for number in range(10, 1005))
    book = read_part(GOOD, "xl/workbook.xml").replace(b"</sheets>", f"{sheets}</sheets>".encode())
    assert "100 sheets" in refused(with_parts(GOOD, {"xl/workbook.xml": book})).detail


@pytest.mark.parametrize("definitions", ["", ENTITIES, '<!ENTITY e9 SYSTEM "file:///etc/hostname">'])
@pytest.mark.parametrize(
    "part",
    [SHEET, "xl/workbook.xml", "xl/styles.xml", "[Content_Types].xml", "_rels/.rels", "xl/_rels/workbook.xml.rels"],
)
def test_definitions_of_entities_are_refused_in_every_part(part: str, definitions: str) -> None:
    assert isinstance(refused(with_parts(GOOD, {part: BOMB.format(definitions).encode()})), UnsafeFile)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "iso-8859-1"])
def test_definitions_are_seen_in_other_encodings(encoding: str) -> None:
    text = BOMB.format(ENTITIES).replace('"1.0"?', f'"1.0" encoding="{encoding}"?')
    assert refused(with_parts(GOOD, {SHEET: text.encode(encoding)})).status == 422


def test_formulas_in_a_namespace_of_another_prefix_are_seen() -> None:
    cells = '<y:row xmlns:y="u" r="5"><y:c r="D5"><y:f>[1]Sheet1!A1</y:f><y:v>x</y:v></y:c></y:row>'
    assert isinstance(refused(sheet_of(cells)), UnsafeFile)


@pytest.mark.parametrize(
    "cells",
    [
        '<row r="9"/><row r="5"/>',
        '<row r="5"/><row r="5"/>',
        '<row r="0"/>',
        '<row r="1048577"/>',
        '<row r="99999999999999999999"/>',
        '<row r="-1"/>',
        '<row r="5"><c r="B5"/><c r="A5"/></row>',
        '<row r="5"><c r="A6"/></row>',
        '<row r="5"><c r="a5"/></row>',
        '<row r="5"><c r="A5" t="s"><v>99999</v></c></row>',
        '<row r="5"><c r="A5" t="n"><v>many</v></c></row>',
        '<row r="5"><c r="A5" t="s"><v>-1</v></c></row>',
        '<row r="5"><c r="A5"><v>nan</v></c></row>',
        "<row",
    ],
)
def test_a_damaged_sheet_is_refused(cells: str) -> None:
    assert "damaged" in refused(sheet_of(cells)).detail


def test_cells_that_do_not_say_where_they_are_follow_one_another() -> None:
    book = official_workbook_bytes([])
    rows = ("".join(f'<c t="inlineStr"><is><t>{cell}</t></is></c>' for cell in row) for row in (IG_HEADINGS, IG_ROW))
    cells = "".join(f"<row>{row}</row>" for row in rows)
    part = b"<worksheet xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'><sheetData>%s</sheetData></worksheet>"
    log = read(with_parts(book, {SHEET: part % cells.encode()}))
    assert (log.layout, log.problems, log.hazards[0].owner) == ("ig-table-2", (), "Integration lead")


def test_rows_far_below_are_not_filled_up_to() -> None:
    """A reader that pads the gap would make a million rows out of one cell."""
    cell = '<c r="A1048576" t="inlineStr"><is><t>x</t></is></c>'
    heading = read_part(GOOD, SHEET).partition(b"<sheetData>")[2].partition(b"</sheetData>")[0].decode()
    assert "rows" in refused(sheet_of(f'{heading}<row r="1048576">{cell}</row>')).detail
    assert len(read(sheet_of(f'{heading}<row r="1048576"><c r="A1048576" s="1"/></row>')).hazards) == 1


@pytest.mark.parametrize(
    ("limited", "limit", "cells"),
    [
        (workbook_safety, "MOST_TAGS", "<row/>" * 10_000),
        (workbook_parts, "LONGEST_TOKEN", f'<row r="1"><c r="A1" t="str"><v>{"x" * 200_000}</v></c></row>'),
        (workbook_parts, "LONGEST_TOKEN", f'<row r="{"x" * 200_000}"/>'),
        (workbook_parts, "DEEPEST_ELEMENT", "<a>" * 200_000),
    ],
    ids=["cells", "text", "attribute", "depth"],
)
def test_what_no_spreadsheet_program_writes_is_refused(
    limited: ModuleType, limit: str, cells: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limited, limit, 9_000)
    assert isinstance(refused(sheet_of(cells)), UnsafeFile)


def test_more_styles_than_excel_allows_are_refused() -> None:
    styles = b"<styleSheet><cellStyleXfs>%s</cellStyleXfs><cellXfs>%s</cellXfs></styleSheet>"
    many = b"<xf/>" * 65_490
    assert read(with_parts(GOOD, {"xl/styles.xml": styles % (many, many)})).hazards
    assert isinstance(refused(with_parts(GOOD, {"xl/styles.xml": styles % (b"", many + b"<xf/>")})), UnsafeFile)


def test_more_columns_than_any_log_are_refused() -> None:
    assert "columns" in refused(sheet_of('<row r="5"><c r="GS5"><v>1</v></c></row>')).detail


def test_names_in_the_zip_are_names_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    book = with_parts(GOOD, {"../../escaped.xml": b"<x/>", "/absolute.xml": b"<x/>", "C:\\windows.xml": b"<x/>"})
    assert len(read(book).hazards) == 1
    assert not list(tmp_path.rglob("*"))


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_no_change_of_bytes_ends_in_anything_but_a_refusal(data: st.DataObject) -> None:
    content = bytearray(GOOD)
    for place, value in data.draw(
        st.lists(st.tuples(st.integers(0, len(content) - 1), st.integers(0, 255)), max_size=6)
    ):
        content[place] = value
    cut = data.draw(st.integers(0, len(content)) | st.just(len(content)))
    with suppress(HazardLogRefused):
        read(bytes(content[:cut]), "log")


def test_a_hazard_is_not_lost_to_a_sheet_that_claims_to_be_small() -> None:
    book = official_workbook_bytes([a_hazard(number=number) for number in range(30)])
    part = read_part(book, SHEET)
    start, end = part.index(b"<dimension"), part.index(b"/>", part.index(b"<dimension")) + 2
    small = with_parts(book, {SHEET: part[:start] + b'<dimension ref="A1:B2"/>' + part[end:]})
    assert len(read(small).hazards) == 30

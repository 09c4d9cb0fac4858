"""Writes hazard logs in the official layout, with the traps that real ones have, and takes workbooks apart."""

import io
import re
import zipfile
from collections.abc import Iterable, Mapping
from itertools import product
from typing import Any

import openpyxl
from openpyxl.utils.cell import coordinate_to_tuple
from openpyxl.worksheet.cell_range import CellRange

from exchange.records import LoggedHazard
from models.enumerations import ControlKind, ControlStage

# The 28 columns from A to AB, by the names of exchange.layouts; a row is a mapping of some of them to values.
COLUMNS = (
    "number", "identified_date", "effect", "hazard", "harm", "causes",
    *(f"existing.{kind}.{part}" for kind, part in product(
        ("design", "training", "business_process"), ("description", "evidence"))),
    "initial.severity", "initial.likelihood", "initial.risk", "initial.justification",
    *(f"additional.{kind}.{part}" for kind, part in product(
        ("design", "training", "business_process"), ("description", "evidence"))),
    "residual.severity", "residual.likelihood", "residual.risk", "residual.justification",
    "owner", "status",
)  # fmt: skip
FIRST_ROW = 5
HEADINGS = {
    "C1": "Hazard Assessment", "G1": "Initial Risk", "Q1": "Residual  Risk", "AA1": "Owner", "AB1": "Status",
    "A2": "No.", "B2": "Date Added", "C2": "Hazard Description", "G2": "Existing Controls",
    "M2": "\nInitial Risk Assessment", "Q2": "Additional Controls", "W2": "\nResidual Risk Assessment",
    "G3": "HIT Design", "I3": "User Training", "K3": "Business Process ",
    "Q3": "HIT Design", "S3": "User Training", "U3": "Business Process Change",
    "C4": "Effect", "D4": "Hazard ", "E4": "Harm", "F4": "Possible Causes",
    "M4": "Severity", "N4": "Likelihood", "O4": "Risk", "P4": "Justification",
    "W4": "Severity", "X4": "Likelihood", "Y4": "Risk", "Z4": "Justification",
    **{f"{column}4": "Description" for column in "GIKQSU"},
    **{f"{column}4": "Evidence" for column in "HJLRTV"},
}  # fmt: skip
MERGED = (
    "AA1:AA4", "AB1:AB4", "A2:A4", "B2:B4", "C1:F1", "C2:F3", "G1:P1", "G2:L2", "G3:H3", "I3:J3", "K3:L3", "M2:P3",
    "Q1:Z1", "Q2:V2", "Q3:R3", "S3:T3", "U3:V3", "W2:Z3",
)  # fmt: skip
RISK = (
    "=IF(OR(ISBLANK({severity}),ISBLANK({likelihood})),\"\",INDEX('Risk Matrix'!$D$2:$H$6,"
    "MATCH('Hazard Log'!{likelihood},Likelihood,0),MATCH('Hazard Log'!{severity},Consequence,0)))"
)

INLINE = re.compile(rb'<c (r="[A-Z]+\d+"(?: s="\d+")?) t="inlineStr"><is>(.*?)</is></c>', re.DOTALL)
SHARED = b'<c %s t="s"><v>%d</v></c>'
STRINGS = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">%s</sst>'
RELATED = "xl/_rels/workbook.xml.rels"
STRINGS_RELATION = (
    b'<Relationship Id="rId99" Target="sharedStrings.xml" '
    b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"/>'
)
STRINGS_TYPE = (
    b'<Override PartName="/xl/sharedStrings.xml" '
    b'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/>'
)

Row = Mapping[str, object]


def a_hazard(**fields: object) -> dict[str, object]:
    """A row with the least that makes a hazard; `__` in a keyword stands for a dot."""
    row = {"hazard": "A result is filed under the wrong patient", "effect": "Care is based on the wrong result"}
    return row | {name.replace("__", "."): value for name, value in fields.items()}


def rated(severity: str = "Major", likelihood: str = "Low", **fields: object) -> dict[str, object]:
    return a_hazard(initial__severity=severity, initial__likelihood=likelihood, **fields)


def official_workbook_bytes(rows: Iterable[Row], *, down: int = 0, right: int = 0) -> bytes:
    """A workbook as the template makes it, moved by so many rows and columns; a risk that is not given is a formula."""
    return saved(official_workbook(rows, down=down, right=right))


def official_workbook(rows: Iterable[Row], *, down: int = 0, right: int = 0) -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    book.worksheets[0].title = "Cover Page"
    book.create_sheet("Version History")["A1"] = "Amendment History"
    sheet = book.create_sheet("Hazard Log")
    for place, text in HEADINGS.items():
        row, column = coordinate_to_tuple(place)
        sheet.cell(row + down, column + right, text)
    for area in map(CellRange, MERGED):
        area.shift(col_shift=right, row_shift=down)
        sheet.merge_cells(area.coord)
    for number, fields in enumerate(rows, start=FIRST_ROW + down):
        write_row(sheet, number, fields, right)
    book.create_sheet("Risk Matrix")["C2"] = "Very High"
    book.create_sheet("References")["A1"] = "Reference"
    return book


def write_row(sheet: Any, number: int, fields: Row, right: int = 0) -> None:
    def cell(name: str) -> Any:
        return sheet.cell(number, COLUMNS.index(name) + 1 + right)

    for stage in ("initial", "residual"):
        severity, likelihood = cell(f"{stage}.severity").coordinate, cell(f"{stage}.likelihood").coordinate
        cell(f"{stage}.risk").value = RISK.format(severity=severity, likelihood=likelihood)
    for name, value in fields.items():
        cell(name).value = value


def saved(book: openpyxl.Workbook) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def sheet_part(book: bytes, name: str = "Hazard Log") -> str:
    """The path inside the zip of a sheet of a workbook that openpyxl wrote: it numbers them in their order."""
    names = openpyxl.load_workbook(io.BytesIO(book), read_only=True).sheetnames
    return f"xl/worksheets/sheet{names.index(name) + 1}.xml"


def with_results(book: bytes, results: Mapping[str, str | int]) -> bytes:
    """The same workbook with what Excel would have stored beside the formulas of these cells of the hazard log."""
    part = sheet_part(book)

    def add(found: re.Match[str]) -> str:
        result = results.get(found["cell"])
        if result is None:
            return found[0]
        kind = ' t="str"' if isinstance(result, str) else ""
        return f'<c r="{found["cell"]}"{kind}><f>{found["formula"]}</f><v>{result}</v></c>'

    cell = re.compile(r'<c r="(?P<cell>[A-Z]+\d+)"[^>]*><f>(?P<formula>[^<]*)</f><v ?/?>(?:</v>)?</c>')
    return with_parts(book, {part: cell.sub(add, read_part(book, part).decode()).encode()})


def with_shared_strings(book: bytes, texts: Mapping[bytes, bytes] | None = None) -> bytes:
    """The same workbook with its texts in a table of their own, as Excel keeps them; `texts` replaces some there."""
    table: dict[bytes, int] = {}
    parts = {name: read_part(book, name) for name in part_names(book) if name.startswith("xl/worksheets/")}
    shared: dict[str, bytes | None] = {
        name: INLINE.sub(lambda found: SHARED % (found[1], table.setdefault(found[2], len(table))), content)
        for name, content in parts.items()
    }
    strings = b"".join(b"<si>%s</si>" % (texts or {}).get(text, text) for text in table)
    shared["xl/sharedStrings.xml"] = STRINGS % strings
    types = read_part(book, "[Content_Types].xml")
    shared["[Content_Types].xml"] = types.replace(b"</Types>", STRINGS_TYPE + b"</Types>")
    related = read_part(book, RELATED)
    shared[RELATED] = related.replace(b"</Relationships>", STRINGS_RELATION + b"</Relationships>")
    return with_parts(book, shared)


def part_names(book: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        return archive.namelist()


def read_part(book: bytes, part: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        return archive.read(part)


def with_parts(book: bytes, parts: Mapping[str, bytes | None]) -> bytes:
    """The same zip with parts replaced, added, or left out where the new content is None."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        kept: dict[str, bytes | None] = {name: old.read(name) for name in old.namelist() if name not in parts}
        for name, content in (kept | dict(parts)).items():
            if content is not None:
                new.writestr(name, content)
    return file.getvalue()


def typed(hazard: LoggedHazard) -> Row:
    """A hazard as its author would have typed it into the template."""
    row: dict[str, object] = {
        "number": hazard.number,
        "identified_date": hazard.identified_date,
        "effect": hazard.effect,
        "hazard": f"{hazard.name}\n{hazard.description}",
        "harm": hazard.harm,
        "causes": "\n".join(f"{place}. {cause}" for place, cause in enumerate(hazard.causes, start=1)),
        "owner": hazard.owner,
        "status": hazard.status.title(),
    }
    for stage, rating in (("initial", hazard.initial), ("residual", hazard.residual)):
        if rating:
            row[f"{stage}.severity"] = f"{rating.severity.title()} "
            row[f"{stage}.likelihood"] = rating.likelihood.replace("_", " ").title()
            row[f"{stage}.justification"] = rating.justification
    for stage in ControlStage:
        for kind in (ControlKind.DESIGN, ControlKind.TRAINING, ControlKind.BUSINESS_PROCESS):
            chosen = [control for control in hazard.controls if (control.stage, control.kind) == (stage, kind)]
            for part in ("description", "evidence"):
                texts = [getattr(control, part) or "n/a" for control in chosen]
                row[f"{stage}.{kind}.{part}"] = "\n".join(
                    f"{place}. {text}" for place, text in enumerate(texts, start=1)
                )
    return row

"""Walks through one XML part of a workbook before any other code reads it: counts, refuses, and notes the formulas."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from xml.sax import ContentHandler
from xml.sax.xmlreader import AttributesImpl

from exchange.formulas import points_outside
from exchange.grid import column_number, place
from exchange.limits import (
    DEEPEST_ELEMENT,
    LAST_COLUMN,
    LAST_ROW,
    MOST_ELEMENTS,
    MOST_ELEMENTS_IN_A_UNIT,
    MOST_SHEETS,
)
from exchange.records import HazardLogRefused, UnsafeFile

COORDINATE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
ROW_NUMBER = re.compile(r"[1-9][0-9]{0,6}")
# What is read as a whole and then forgotten, a row of a sheet or a text of the table of texts, with its depth.
UNITS = {"row": 3, "si": 2}
MACROS = re.compile(r"macroEnabled|vbaProject|macrosheet", re.IGNORECASE)
COMMENTS = frozenset({"comments", "ThreadedComments"})

DAMAGED = "The workbook is damaged. Open it in Excel, save it under a new name, then try again."
TOO_MUCH = "The workbook has more cells than a hazard log needs. Delete empty, formatted rows, then try again."
FETCHES = "The workbook fetches data from another program. Remove that connection, then try again."
WITH_MACROS = "The workbook has macros. Save it as an Excel workbook without macros (.xlsx), then try again."


@dataclass(slots=True)
class SheetFindings:
    """Rows count from 1, columns from 0; `unread` are the cells with a formula and no result."""

    last_row: int = 0
    last_column: int = -1
    unread: set[tuple[int, int]] = field(default_factory=set)
    outside: str = ""
    links: bool = False


@dataclass(slots=True)
class WorkbookFindings:
    """What is known of a workbook before it is opened; `sheets` by the path of their part."""

    sheets: dict[str, SheetFindings] = field(default_factory=dict)
    outside_names: set[str] = field(default_factory=set)
    comments: bool = False
    embedded: bool = False
    elements: int = 0


class PartWalk(ContentHandler):
    """SAX events of one part. Every limit is checked while the part is unpacked, whatever its headers promised."""

    def __init__(self, findings: WorkbookFindings, part: str) -> None:
        super().__init__()
        self.findings = findings
        self.part = part
        self.depth = self.unit = self.sheets = self.row = 0
        self.column = -1
        self.formula = self.value = self.is_text = False
        self.name = ""
        self.text: list[str] | None = None  # collected while not None
        self.sheet = SheetFindings()
        self.opened: Mapping[str, Callable[[PartWalk, AttributesImpl], None]] = {}

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: N802 - the name SAX calls
        self.depth += 1
        self.unit += 1
        self.findings.elements += 1
        name = name.rpartition(":")[2] if ":" in name else name
        if self.depth == 1:
            self.open_root(name)
        elif UNITS.get(name) == self.depth:
            self.unit = 0
        too_many = self.unit > MOST_ELEMENTS_IN_A_UNIT or self.findings.elements > MOST_ELEMENTS
        if too_many or self.depth > DEEPEST_ELEMENT:
            raise UnsafeFile(TOO_MUCH)
        if name in self.opened:
            self.opened[name](self, attrs)

    def characters(self, content: str) -> None:
        if self.text is not None:
            self.text.append(content)

    def endElement(self, name: str) -> None:  # noqa: N802 - the name SAX calls
        self.depth -= 1
        name = name.rpartition(":")[2] if ":" in name else name
        if name in CLOSED and name in self.opened:
            CLOSED[name](self)

    def open_root(self, name: str) -> None:
        self.opened = OPENED.get(name, {})
        if name == "worksheet":
            self.findings.sheets[self.part] = self.sheet
        if name == "connections":
            raise UnsafeFile(FETCHES)
        self.findings.comments |= name in COMMENTS

    def open_row(self, attrs: AttributesImpl) -> None:
        """Rows out of order are refused: the reader that comes next would leave them out without a word."""
        number = attrs.get("r", str(self.row + 1))
        if not ROW_NUMBER.fullmatch(number) or not self.row < int(number) <= LAST_ROW:
            raise HazardLogRefused(DAMAGED)
        self.row, self.column = int(number), -1

    def open_cell(self, attrs: AttributesImpl) -> None:
        row, column = self.row, self.column + 1
        if "r" in attrs:
            found = COORDINATE.fullmatch(attrs["r"])
            row, column = (int(found[2]), column_number(found[1])) if found else (0, 0)
        if row != self.row or not self.column < column < LAST_COLUMN:
            raise HazardLogRefused(DAMAGED)
        self.column = column
        self.formula = self.value = False
        # A formula that says "" has an empty result of this kind; of any other kind it has none.
        self.is_text = attrs.get("t") == "str"

    def open_value(self, _attrs: AttributesImpl) -> None:
        self.value = not self.formula
        if self.formula:
            self.text = []

    def close_value(self) -> None:
        self.value = self.value or self.is_text or bool(self.taken_text())

    def open_formula(self, _attrs: AttributesImpl) -> None:
        self.formula = True
        self.text = []

    def close_formula(self) -> None:
        if points_outside(self.taken_text(), self.findings.outside_names) and not self.sheet.outside:
            self.sheet.outside = place(self.row, self.column)

    def close_cell(self) -> None:
        if self.formula and not self.value:
            self.sheet.unread.add((self.row, self.column))
        if self.formula or self.value:
            self.sheet.last_row = self.row
            self.sheet.last_column = max(self.sheet.last_column, self.column)

    def open_name(self, attrs: AttributesImpl) -> None:
        self.name = attrs.get("name", "")
        self.text = []

    def close_name(self) -> None:
        if points_outside(self.taken_text()):
            self.findings.outside_names.add(self.name.casefold())

    def taken_text(self) -> str:
        text, self.text = "".join(self.text or ()), None
        return text

    def open_sheet(self, _attrs: AttributesImpl) -> None:
        self.sheets += 1
        if self.sheets > MOST_SHEETS:
            raise HazardLogRefused(f"The workbook has more than {MOST_SHEETS} sheets. Save the hazard log on its own.")

    def open_link(self, attrs: AttributesImpl) -> None:
        """A link within the workbook has a place but no relationship to follow."""
        self.sheet.links |= any(name.endswith(":id") for name in attrs.getNames())

    def open_exchange(self, _attrs: AttributesImpl) -> None:
        raise UnsafeFile(FETCHES)

    def open_type(self, attrs: AttributesImpl) -> None:
        if MACROS.search(attrs.get("ContentType", "")):
            raise UnsafeFile(WITH_MACROS)


# What is looked at, by the root of the part: a <c> of the calculation chain, say, is no cell.
OPENED: dict[str, dict[str, Callable[[PartWalk, AttributesImpl], None]]] = {
    "Types": {"Override": PartWalk.open_type, "Default": PartWalk.open_type},
    "workbook": {"definedName": PartWalk.open_name, "sheet": PartWalk.open_sheet},
    "externalLink": {"ddeLink": PartWalk.open_exchange, "oleLink": PartWalk.open_exchange},
    "worksheet": {
        "row": PartWalk.open_row,
        "c": PartWalk.open_cell,
        "v": PartWalk.open_value,
        "is": PartWalk.open_value,
        "f": PartWalk.open_formula,
        "hyperlink": PartWalk.open_link,
    },
}
CLOSED: dict[str, Callable[[PartWalk], None]] = {
    "c": PartWalk.close_cell,
    "f": PartWalk.close_formula,
    "v": PartWalk.close_value,
    "definedName": PartWalk.close_name,
}

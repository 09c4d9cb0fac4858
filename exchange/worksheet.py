"""The rows of one sheet while it is unpacked: values as Excel stored them, formulas looked at and never run."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import chain, repeat
from typing import NoReturn

from openpyxl.utils.datetime import from_excel

from exchange.cells import UNREAD, Cell, unescaped
from exchange.formulas import points_outside
from exchange.grid import column_number, place
from exchange.limits import LAST_ROW, MOST_COLUMNS
from exchange.records import HazardLogRefused, UnsafeFile
from exchange.workbook_parts import DAMAGED, Attributes, DateStyles, Walk, damage_told

COLUMN = re.compile(r"[A-Z]{1,3}")
ROW_NUMBER = re.compile(r"[1-9][0-9]{0,6}")
WHOLE = re.compile(r"-?[0-9]{1,300}")
NUMBER = re.compile(r"-?[0-9]*\.?[0-9]+(?:[eE][-+]?[0-9]+)?")
NO_DATE = "#VALUE!"
TOO_WIDE = f"A sheet has more than {MOST_COLUMNS} columns. Delete what is not part of the hazard log, then try again."
OUTSIDE = (
    "Cell {cell} of the sheet '{sheet}' has a formula that points outside the workbook. "
    "Replace the formula by its value, then try again."
)


@dataclass(frozen=True, slots=True)
class Meanings:
    """What the other parts of a workbook say about the values in its cells."""

    texts: Sequence[str]
    styles: DateStyles
    outside_names: Collection[str]
    epoch: datetime


@lru_cache(maxsize=MOST_COLUMNS)
def column_of(letters: str) -> int | None:
    """The column of these letters, from 0; None for what is none, such as a place in another row."""
    return column_number(letters) if COLUMN.fullmatch(letters) else None


class SheetWalk:
    """Gathers the cells of a sheet into `rows`; `linked` when a cell leads to a page or a file."""

    def __init__(self, name: str, meanings: Meanings) -> None:
        self.name = name
        self.meanings = meanings
        self.rows: list[tuple[int, list[Cell]]] = []
        self.cells: list[Cell] = []
        self.row = 0
        self.row_digits = ""
        self.column = -1
        self.kind = self.style = self.value = ""
        self.in_cell = self.spoken = self.formula = self.linked = False
        opened = {"row": self.open_row, "c": self.open_cell, "rPh": self.open_spoken, "hyperlink": self.open_link}
        closed = {"row": self.close_row, "c": self.close_cell, "rPh": self.close_spoken}
        self.walk = Walk(opened, closed, {"v": self.take_value, "t": self.take_text, "f": self.take_formula})

    def open_row(self, attributes: Attributes) -> None:
        """Rows and cells out of order are refused: two of one place would have to be told apart."""
        number = attributes.get("r") or str(self.row + 1)
        if not ROW_NUMBER.fullmatch(number) or not self.row < int(number) <= LAST_ROW:
            raise HazardLogRefused(DAMAGED)
        self.row, self.row_digits, self.column = int(number), number, -1

    def open_cell(self, attributes: Attributes) -> None:
        column = self.column + 1
        if "r" in attributes:
            # Outside of every row there are no digits to part it at: a ValueError, which is damage as well.
            letters, _, rest = attributes["r"].rpartition(self.row_digits)
            given = column_of(letters)
            if rest or given is None or given < column:
                raise HazardLogRefused(DAMAGED)
            column = given
        self.column = column
        self.kind, self.style = attributes.get("t", "n"), attributes.get("s", "0")
        self.value = ""
        self.in_cell, self.formula = True, False

    def open_spoken(self, _attributes: Attributes) -> None:
        self.spoken = True

    def close_spoken(self) -> None:
        self.spoken = False

    def open_link(self, attributes: Attributes) -> None:
        """A link within the workbook has a place but no relation to follow."""
        self.linked |= any(name.endswith(":id") for name in attributes)

    def take_value(self, text: str) -> None:
        self.value = text

    def take_text(self, text: str) -> None:
        """A text in the cell itself comes in runs where its letters differ in looks."""
        if not self.spoken:
            self.value += text

    def take_formula(self, text: str) -> None:
        self.formula = True
        if self.in_cell and points_outside(text, self.meanings.outside_names):
            cell = place(self.row, self.column)
            raise UnsafeFile(OUTSIDE.format(cell=cell, sheet=self.name[:31]))

    def close_cell(self) -> None:
        self.in_cell = False
        value = self.cell()
        if value is not None:
            if self.column >= MOST_COLUMNS:
                raise HazardLogRefused(TOO_WIDE)
            self.cells.extend([None] * (self.column - len(self.cells)))
            self.cells.append(value)

    def close_row(self) -> None:
        if self.cells:
            self.rows.append((self.row, self.cells))
            self.cells = []

    def cell(self) -> Cell:
        """ECMA-376 part 1, 18.3.1.4 and 18.18.11. A formula that says "" has that as its result, kind str."""
        if not self.value:
            return UNREAD if self.formula and self.kind != "str" else None
        if self.kind == "s":
            return self.meanings.texts[int(self.value)] if self.value.isdecimal() else self.damage()
        if self.kind == "n":
            return self.number()
        return self.value in ("1", "true") if self.kind == "b" else unescaped(self.value)

    def number(self) -> Cell:
        if not NUMBER.fullmatch(self.value):
            return self.damage()
        number = int(self.value) if WHOLE.fullmatch(self.value) else float(self.value)
        styles = self.meanings.styles
        if self.style not in styles.dates and self.style not in styles.lengths:
            return number
        try:
            found: Cell = from_excel(number, self.meanings.epoch, timedelta=self.style in styles.lengths)
        except (OverflowError, ValueError):
            return NO_DATE
        return found

    def damage(self) -> NoReturn:
        raise HazardLogRefused(DAMAGED)


def sheet_rows(pieces: Iterable[bytes], sheet: SheetWalk) -> Iterator[Sequence[Cell]]:
    """The rows from the first to the last that holds anything, as soon as they are complete.

    Each is as long as the longest so far: a row ends early where its last cells are empty, which means nothing here.
    """
    following = 1
    longest = 0
    for piece in chain(pieces, [b""]):
        with damage_told():
            sheet.walk.feed(piece)
        for number, cells in sheet.rows:
            yield from repeat((), number - following)
            longest = max(longest, len(cells))
            cells.extend([None] * (longest - len(cells)))
            yield cells
            following = number + 1
        sheet.rows.clear()

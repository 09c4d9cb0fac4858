"""A CSV file as a grid of cells: which characters, which separator, and no silent repair of broken quotes."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from exchange.cells import Cell
from exchange.formulas import points_outside
from exchange.grid import place
from exchange.limits import LONGEST_LINE, MOST_COLUMNS
from exchange.records import HazardLogRefused, UnsafeFile

SEPARATORS = (",", ";", "\t", "|")
# UTF-16 without its mark, or no text at all: a log may hold a stray zero byte, not one in ten.
MOST_ZEROS = 10

TOO_LONG = re.compile(f"[^\n]{{{LONGEST_LINE}}}")

NO_TEXT = "The file is not a text that can be read. Save your hazard log as CSV UTF-8 or as .xlsx, then try again."
BROKEN = (
    "The CSV file breaks near line {line}. Check that every text with a separator, a quotation mark or several lines "
    'is between quotation marks ("), and that each quotation mark inside is doubled (""). Then try again.'
)
TOO_WIDE = f"The file has more than {MOST_COLUMNS} columns. Check that it is a hazard log, then try again."
OUTSIDE = "Cell {cell} is a formula that points outside the file. Replace it by its value, then try again."


@dataclass(frozen=True, slots=True)
class CsvGrid:
    """One reading of the text, with one separator; see exchange.grid.Grid."""

    text: str
    separator: str
    name: str = ""

    def rows(self) -> Iterator[Sequence[Cell]]:
        reader = csv.reader(io.StringIO(self.text, newline=""), delimiter=self.separator, strict=True)
        try:
            for number, row in enumerate(reader, start=1):
                if len(row) > MOST_COLUMNS:
                    raise HazardLogRefused(TOO_WIDE)
                for column, cell in enumerate(row):
                    if cell.startswith("=") and points_outside(cell):
                        raise UnsafeFile(OUTSIDE.format(cell=place(number, column)))
                yield row
        except csv.Error as error:
            raise HazardLogRefused(BROKEN.format(line=reader.line_num)) from error


def csv_grids(text: str) -> list[CsvGrid]:
    """The text read with each separator."""
    return [CsvGrid(text, separator) for separator in SEPARATORS]


def text_in(file: BinaryIO) -> tuple[str, str]:
    """What a file of text says, and the name of its encoding. Raises HazardLogRefused if it is no text."""
    file.seek(0)
    text, encoding = _decoded(file.read())
    if text.count("\0") * MOST_ZEROS > len(text) or TOO_LONG.search(text):
        raise HazardLogRefused(NO_TEXT)
    return text, encoding


def _decoded(content: bytes) -> tuple[str, str]:
    """A byte order mark decides; without one it is UTF-8, or else what Excel writes on Windows in western Europe."""
    marked = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    raise HazardLogRefused(NO_TEXT)

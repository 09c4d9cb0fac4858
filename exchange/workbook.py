"""The sheets of an Excel workbook as grids of cells, read by openpyxl once the workbook is known to be harmless."""

import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Any, BinaryIO

import openpyxl

from exchange.cells import Cell, unescaped
from exchange.limits import MOST_COLUMNS
from exchange.records import HazardLogRefused, Problem, UnsafeFile
from exchange.workbook_parts import DAMAGED, SheetFindings, WorkbookFindings
from exchange.workbook_safety import inspect


@dataclass(frozen=True, slots=True)
class SheetGrid:
    """A sheet that openpyxl reads as it goes; see exchange.grid.Grid."""

    name: str
    formulas: Mapping[int, frozenset[int]]
    sheet: Any
    last_row: int
    last_column: int

    def rows(self) -> Iterator[Sequence[Cell]]:
        """The size comes from our own count: the one that the file claims may be too small, and rows would be lost."""
        if not self.last_row:
            return
        with _damage_told():
            for row in self.sheet.iter_rows(
                min_row=1, max_row=self.last_row, max_col=self.last_column + 1, values_only=True
            ):
                yield [unescaped(cell) if isinstance(cell, str) else cell for cell in row]


@contextmanager
def open_workbook(file: BinaryIO) -> Iterator[tuple[list[SheetGrid], list[Problem]]]:
    """The sheets in their order, and notes on what is in the workbook but is not read. Raises HazardLogRefused."""
    findings = inspect(file)
    with warnings.catch_warnings():
        # openpyxl warns of formatting that it drops; we read no formatting.
        warnings.simplefilter("ignore")
        with _damage_told():
            book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
        with closing(book):
            yield _grids(book, findings), list(_notes(findings))


@contextmanager
def _damage_told() -> Iterator[None]:
    try:
        yield
    except Exception as error:  # openpyxl raises whatever a malformed part leads it to
        raise HazardLogRefused(DAMAGED) from error


def _grids(book: Any, findings: WorkbookFindings) -> list[SheetGrid]:
    grids = []
    for sheet in book.worksheets:
        # openpyxl has no public way from a sheet to its part.
        found = findings.sheets.get(sheet._worksheet_path, SheetFindings())  # noqa: SLF001
        if found.outside:
            raise UnsafeFile(_points_outside(sheet.title, found.outside))
        if found.last_column >= MOST_COLUMNS:
            raise HazardLogRefused(f"A sheet has more than {MOST_COLUMNS} columns. Delete what is not part of the log.")
        grids.append(SheetGrid(sheet.title, _by_row(found), sheet, found.last_row, found.last_column))
    return grids


def _points_outside(title: str, cell: str) -> str:
    return (
        f"Cell {cell} of the sheet '{title[:31]}' has a formula that points outside the workbook. "
        "Replace the formula by its value, then try again."
    )


def _by_row(found: SheetFindings) -> dict[int, frozenset[int]]:
    rows: dict[int, set[int]] = {}
    for row, column in found.unread:
        rows.setdefault(row, set()).add(column)
    return {row: frozenset(columns) for row, columns in rows.items()}


def _notes(findings: WorkbookFindings) -> Iterator[Problem]:
    if findings.comments:
        yield Problem(None, "", "The comments on cells are not read. Copy what matters into the cells.")
    if findings.embedded:
        yield Problem(None, "", "The documents inside the workbook are not read. Keep them as evidence of their own.")
    if any(sheet.links for sheet in findings.sheets.values()):
        yield Problem(None, "", "Cells link to web pages or files. Their texts are read, their addresses are not.")

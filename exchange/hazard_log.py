"""Reads a hazard log that was written elsewhere: which kind of file, which sheet, which layout, then row by row."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import PurePath
from typing import BinaryIO

from exchange import layouts
from exchange.cells import Cell, text_of
from exchange.csv_log import csv_grids, text_in
from exchange.grid import Grid
from exchange.hazards import gathered_notes, read_rows
from exchange.headings import Headings, find_headings
from exchange.limits import LARGEST_FILE, MIB, ROWS_BEFORE_DATA
from exchange.markdown_log import OUTSIDE, markdown_grid
from exchange.records import (
    HazardLog,
    HazardLogRefused,
    LayoutNotRecognised,
    LoggedControl,
    LoggedHazard,
    OwnRating,
    Problem,
    Rating,
    UnsafeFile,
)
from exchange.words import plain
from exchange.workbook import open_workbook

__all__ = [
    "LAYOUTS",
    "HazardLog",
    "HazardLogRefused",
    "LayoutNotRecognised",
    "LoggedControl",
    "LoggedHazard",
    "OwnRating",
    "Problem",
    "Rating",
    "UnsafeFile",
    "read_hazard_log",
]

LAYOUTS: dict[str, str] = {layout.name: layout.description for layout in layouts.ALL}

ZIP = b"PK\x03\x04"
# Compound files: Excel before 2007, and any workbook under a password.
OLD_EXCEL = b"\xd0\xcf\x11\xe0"
WORKBOOK_ENDINGS = frozenset({".xlsx", ".xlsm", ".xltx", ".xltm", ".xls", ".xlsb", ".ods"})
MARKDOWN_ENDINGS = frozenset({".md", ".markdown"})
TEXT_ENDINGS = frozenset({".csv", ".txt", ".tsv"}) | MARKDOWN_ENDINGS
SHEET_NAME = "hazard log"


def read_hazard_log(file: BinaryIO, file_name: str, layout: str | None = None) -> HazardLog:
    """Everything that can be read from `file`, which must be seekable; `layout` is one of LAYOUTS or found out.

    Raises HazardLogRefused when nothing can be read, with UnsafeFile and LayoutNotRecognised as special cases.
    """
    wanted = _wanted(layout)
    with _opened(file, file_name) as (grids, notes):
        looks = [_look(grid, wanted) for grid in grids]
        grid, headings = _chosen(looks)
        reading = read_rows(grid, headings)
        problems = [*_other_sheets(grid, looks), *reading.problems]
    if not reading.hazards and not problems:
        raise HazardLogRefused("There are no hazards below the headings. Choose the file that has your hazards.")
    notes = [*notes, *_unknown_columns(headings), *gathered_notes(reading)]
    own = tuple(reading.own_ratings)
    return HazardLog(headings.layout.name, tuple(reading.hazards), tuple(problems), tuple(notes), own)


def _wanted(layout: str | None) -> Sequence[layouts.Layout]:
    if layout is None:
        return layouts.ALL
    if layout not in LAYOUTS:
        raise LayoutNotRecognised(f"There is no layout of that name. Choose one of: {', '.join(LAYOUTS)}.")
    return [known for known in layouts.ALL if known.name == layout]


@contextmanager
def _opened(file: BinaryIO, file_name: str) -> Iterator[tuple[Sequence[Grid], list[Problem]]]:
    """By what the file is; a name that promises something else is refused, as one of both is a mistake."""
    size = file.seek(0, 2)
    file.seek(0)
    start = file.read(len(ZIP))
    ending = PurePath(file_name).suffix.casefold()
    _refuse_impostors(start, ending, size)
    if start == ZIP:
        with open_workbook(file) as opened:
            yield opened
    else:
        text, encoding = text_in(file)
        notes = [Problem(None, "", READ_AS_WINDOWS)] if encoding == "cp1252" else []
        if ending not in MARKDOWN_ENDINGS:
            yield csv_grids(text), notes
        else:
            pages = markdown_grid(text, PurePath(file_name).name)
            yield [pages], [*notes, *([Problem(None, "", OUTSIDE)] if pages.outside else [])]


READ_AS_WINDOWS = "The file was read as Windows text (1252). If signs such as \u00a3 look wrong, save it as CSV UTF-8."


def _refuse_impostors(start: bytes, ending: str, size: int) -> None:
    if size > LARGEST_FILE:
        raise HazardLogRefused(f"The file is larger than {LARGEST_FILE // MIB} MB. Save the hazard log on its own.")
    if not size:
        raise HazardLogRefused("The file is empty. Choose the file that has your hazard log.")
    if start == OLD_EXCEL:
        message = "The file is an old Excel file (.xls) or has a password. Save it as .xlsx without a password."
        raise HazardLogRefused(message)
    if start != ZIP and ending in WORKBOOK_ENDINGS:
        raise HazardLogRefused("The name of the file says it is a workbook, but it is not. Save it as .xlsx or as CSV.")
    if start == ZIP and ending in TEXT_ENDINGS:
        raise HazardLogRefused("The name of the file says it is text, but it is a workbook. Give it the ending .xlsx.")


@dataclass(frozen=True, slots=True)
class Look:
    """What the first rows of a grid say; `refusal` is what ended them too early."""

    grid: Grid
    headings: Headings | None
    refusal: HazardLogRefused | None


def _look(grid: Grid, wanted: Sequence[layouts.Layout]) -> Look:
    """A refusal waits: a file whose separator is the comma may well break when it is read by semicolons."""
    rows: list[Sequence[Cell]] = []
    refusal = None
    try:
        rows.extend(islice(grid.rows(), ROWS_BEFORE_DATA))
    except HazardLogRefused as error:
        refusal = error
    return Look(grid, find_headings(rows, wanted), refusal)


def _chosen(looks: Sequence[Look]) -> tuple[Grid, Headings]:
    """The sheet called Hazard Log, or else the only one with the headings of a log; a CSV has as many readings."""
    named = [look for look in looks if plain(look.grid.name) == SHEET_NAME]
    complete = [(look.grid, look.headings) for look in named or looks if look.headings and look.headings.complete]
    if len(complete) == 1:
        return complete[0]
    if complete:
        names = ", ".join(f"'{grid.name[:31]}'" for grid, _ in complete)
        raise LayoutNotRecognised(f"Several sheets look like a hazard log: {names}. Call one of them 'Hazard Log'.")
    for look in looks:
        if look.refusal:
            raise look.refusal
    found = [look.headings for look in looks if look.headings]
    raise LayoutNotRecognised(_what_is_missing(max(found, key=lambda headings: len(headings.fields), default=None)))


def _what_is_missing(nearest: Headings | None) -> str:
    help_text = "Use the headings of the NHS hazard log template, or say which layout it is."
    if nearest is None:
        return f"No headings of a hazard log were found in the first {ROWS_BEFORE_DATA} rows. {help_text}"
    if nearest.doubled:
        return f"Several columns have the same meaning: {', '.join(nearest.doubled)}. Keep one of each."
    known = nearest.layout.headings.items()
    missing = ", ".join(next(heading for heading, field in known if field == name) for name in nearest.missing)
    return f"The headings are nearest to {nearest.layout.name}, but these are missing: {missing}. {help_text}"


def _other_sheets(read: Grid, looks: Sequence[Look]) -> Iterator[Problem]:
    """A second sheet with hazards, closed ones perhaps, must not be left out without a word.

    Every sheet is walked through to its end, so that a formula which points outside is found wherever it is.
    """
    for look in looks:
        if look.grid is read or not look.grid.name:
            continue
        headings = look.headings if look.headings and look.headings.complete else None
        rows = [any(map(text_of, row)) for row in look.grid.rows()]
        if headings and any(rows[headings.row :]):
            message = f"The sheet '{look.grid.name[:31]}' looks like a hazard log too and was not read."
            yield Problem(None, "", f"{message} Import it on its own, or delete it.")


def _unknown_columns(headings: Headings) -> Iterator[Problem]:
    for column, title in headings.titles.items():
        if column not in headings.fields:
            yield Problem(None, title, "This column is not one of the layout. Its texts are kept as recorded.")

"""One row of a hazard log with its texts sorted into fields, and the list of what is wrong with it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from exchange import words
from exchange.cells import EXCEL_ERRORS, UNREAD, Cell, fault_in, text_of
from exchange.grid import place
from exchange.headings import Headings
from exchange.layouts import DATE, NUMBER
from exchange.records import OwnRating, Problem

ENDS_EARLY = (
    "The row has fewer cells than there are headings. The file may be cut off, or a text of several lines is not "
    "between quotation marks. Save it again from the program it comes from."
)
# What a formula shows in the risk column of a hazard that was not rated yet.
NO_LEVEL = EXCEL_ERRORS | {"0"}


@dataclass(slots=True)
class Row:
    """`recorded` are texts without a field, with their heading; `notes` stop nothing."""

    number: int
    headings: Headings
    texts: dict[str, str] = field(default_factory=dict)
    date_cell: Cell = None
    recorded: list[tuple[str, str]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)
    own_ratings: list[OwnRating] = field(default_factory=list)

    def text(self, name: str) -> str:
        return self.texts.get(name, "")

    def title(self, name: str) -> str:
        """The heading of a field as this file has it; a file without such a column gets our name of it."""
        columns = (column for column, held in self.headings.fields.items() if held == name)
        return self.headings.titles.get(next(columns, -1), name.replace(".", " "))

    def problem(self, name: str, message: str) -> None:
        self.problems.append(Problem(self.number, self.title(name), message))

    def note(self, name: str, message: str) -> None:
        self.notes.append(Problem(self.number, self.title(name), message))

    def keep(self, name: str) -> None:
        """A text that its own field cannot hold stays beside the hazard."""
        self.recorded.append((self.title(name), self.text(name)))

    @property
    def is_empty(self) -> bool:
        """Empty, or numbered in advance and nothing more."""
        return not self.problems and not self.recorded and self.texts.keys() <= {NUMBER}


def row_of(number: int, cells: Sequence[Cell], headings: Headings) -> Row:
    row = Row(number, headings)
    unread = [column for column, cell in enumerate(cells) if cell is UNREAD]
    for column, cell in enumerate(cells):
        if cell is None or not (text := text_of(cell)):
            continue
        name = headings.fields.get(column, "")
        if name.endswith(".risk") and (text in NO_LEVEL or words.says_none(text)):
            continue
        if fault := fault_in(text):
            where = headings.titles.get(column, "")
            row.problems.append(Problem(number, where, f"Cell {place(number, column)}: {fault}"))
        else:
            _sort(row, column, name, text, cell)
    _tell_unread(row, unread)
    if len(cells) <= max(headings.fields) and not row.is_empty:
        row.problems.append(Problem(number, "", ENDS_EARLY))
    return row


def _sort(row: Row, column: int, name: str, text: str, cell: Cell) -> None:
    if name:
        row.texts[name] = text
        row.date_cell = cell if name == DATE else row.date_cell
    elif title := row.headings.titles.get(column):
        row.recorded.append((title, text))
    else:
        message = (
            f"Cell {place(row.number, column)} has text but its column has no heading. Give the column a heading or "
            "delete the text. In a CSV file, put a text that holds separators between quotation marks."
        )
        row.problems.append(Problem(row.number, "", message))


def _tell_unread(row: Row, columns: Sequence[int]) -> None:
    """A level is derived anyway, and empty rows may be numbered by a formula; any other text would be lost unseen."""
    told = [column for column in columns if not row.headings.fields.get(column, "").endswith(".risk")]
    if row.is_empty and all(row.headings.fields.get(column) == NUMBER for column in told):
        return
    for column in told:
        message = (
            f"Cell {place(row.number, column)} has a formula without a result. "
            "Open the file in Excel and save it, or type the text."
        )
        row.problems.append(Problem(row.number, row.headings.titles.get(column, ""), message))

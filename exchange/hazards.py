"""Reads the rows under the headings one after another and gathers hazards, problems and notes."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from exchange import words
from exchange.cells import date_of
from exchange.controls import controls_of
from exchange.grid import Grid
from exchange.headings import Headings
from exchange.items import items_of
from exchange.layouts import ACTIONS, CAUSES, DATE, EFFECT, HARM, HAZARD, NAME, NUMBER, OWNER, STATUS
from exchange.limits import LONGEST_NAME, MOST_PROBLEMS, MOST_ROWS
from exchange.ratings import rating_of
from exchange.records import HazardLogRefused, LoggedHazard, OwnRating, Problem
from exchange.row import Row, row_of
from models.enumerations import HazardStatus, Stage

# As many rows as a note names.
ROWS_IN_A_NOTE = 10

TOO_LONG = f"The hazard log has more than {MOST_ROWS:,} rows. Delete empty rows, or split it, then try again."
WRONG_FILE = f"The file has more than {MOST_PROBLEMS:,} problems. Check that it is the right file, then try again."


@dataclass(slots=True)
class Reading:
    """What came out of the rows so far."""

    hazards: list[LoggedHazard] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    notes: dict[tuple[str, str], list[int]] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    own_ratings: list[OwnRating] = field(default_factory=list)


def read_rows(grid: Grid, headings: Headings) -> Reading:
    """All rows below the headings. Raises HazardLogRefused if there are too many of them, or too many problems."""
    reading = Reading()
    for number, cells in enumerate(grid.rows(), start=1):
        if number <= headings.row:
            continue
        if number > headings.row + MOST_ROWS:
            raise HazardLogRefused(TOO_LONG)
        _add(reading, row_of(number, cells, headings))
        if len(reading.problems) > MOST_PROBLEMS:
            raise HazardLogRefused(WRONG_FILE)
    return reading


def gathered_notes(reading: Reading) -> Iterator[Problem]:
    """The same note of many rows is told once."""
    for (column, message), rows in reading.notes.items():
        named = ", ".join(map(str, rows[:ROWS_IN_A_NOTE]))
        more = f" and {len(rows) - ROWS_IN_A_NOTE:,} more" if len(rows) > ROWS_IN_A_NOTE else ""
        yield Problem(rows[0] if len(rows) == 1 else None, column, f"{message} Rows: {named}{more}.")


def _add(reading: Reading, row: Row) -> None:
    if row.is_empty:
        if row.text(NUMBER):
            row.note(NUMBER, "There is nothing in the row but this, so there is no hazard to read.")
    else:
        _number_once(reading, row)
        hazard = hazard_of(row)
        if not row.problems:
            reading.hazards.append(hazard)
            reading.own_ratings.extend(row.own_ratings)
    reading.problems.extend(row.problems)
    for note in row.notes:
        reading.notes.setdefault((note.column, note.message), []).append(row.number)


def _number_once(reading: Reading, row: Row) -> None:
    number = " ".join(row.text(NUMBER).casefold().split())
    if number and (first := reading.numbers.setdefault(number, row.number)) != row.number:
        row.problem(NUMBER, f"Row {first} has the same number. Give each hazard a number of its own.")


def hazard_of(row: Row) -> LoggedHazard:
    """The hazard of a row; what is wrong with it is added to `row.problems`."""
    name, description = _name(row)
    status, justification = _status(row)
    initial, residual = rating_of(row, Stage.INITIAL), rating_of(row, Stage.RESIDUAL)
    if row.text(ACTIONS):
        row.keep(ACTIONS)
    return LoggedHazard(
        row=row.number,
        number=row.text(NUMBER),
        name=name,
        description=description,
        effect=row.text(EFFECT),
        harm=row.text(HARM),
        causes=() if words.says_none(row.text(CAUSES)) else items_of(row.text(CAUSES)),
        controls=controls_of(row),
        initial=initial,
        residual=residual,
        owner=row.text(OWNER),
        status=status,
        identified_date=_date(row),
        status_justification=justification,
        recorded=tuple(row.recorded),
    )


def _name(row: Row) -> tuple[str, str]:
    """The name and the description; where no name is given, the first line of what the hazard is."""
    name, description = row.text(NAME), row.text(HAZARD)
    if not name and not description:
        message = (
            f"Row {row.number} has text but no hazard. Enter the hazard, "
            "or move the text into the row of the hazard that it belongs to."
        )
        row.problem(HAZARD if HAZARD in row.headings.fields.values() else NAME, message)
    short = short_name(name or description)
    return short, f"{name}\n\n{description}".strip() if name not in ("", short) else description


def short_name(text: str) -> str:
    """The first line, cut between two words where it is too long for a name."""
    line = text.split("\n", 1)[0].strip()
    if len(line) <= LONGEST_NAME:
        return line
    return line[: LONGEST_NAME + 1].rpartition(" ")[0].strip() or line[:LONGEST_NAME]


def _status(row: Row) -> tuple[HazardStatus, str]:
    text = row.text(STATUS)
    status = words.status(text)
    if status is None and not row.headings.layout.own_words:
        row.problem(STATUS, "This status is not known. Enter Open, Transferred or Closed, and nothing more.")
        return HazardStatus.OPEN, ""
    if status and (words.says_none(text) or words.plain(text[: words.LONGEST_WORD]) == status):
        return status, ""
    row.note(STATUS, "Read as Open. The words of the file are kept as the justification of the status.")
    return HazardStatus.OPEN, text


def _date(row: Row) -> date | None:
    if words.says_none(row.text(DATE)):
        return None
    try:
        return date_of(row.date_cell)
    except ValueError:
        row.problem(DATE, "This is not a date that can be read. Enter it as day/month/year, for example 31/03/2026.")
        return None

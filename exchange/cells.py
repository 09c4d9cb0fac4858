"""What stands in one cell: its text as it was typed, a date, a level, or the reason it cannot be used."""

import re
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum

from exchange.limits import LONGEST_CELL


class Unread(Enum):
    """A cell whose formula was never run, so that nobody knows what it says."""

    FORMULA = "formula"


UNREAD = Unread.FORMULA
# Everything a workbook or a CSV may hand over for one cell.
Cell = str | int | float | bool | date | datetime | time | timedelta | Unread | None

# Control characters other than tab and line feed, and halves of characters: no database stores these as text.
UNUSABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
# How Excel writes a control character into XML, and an underscore where a text only looks like that (ECMA-376
# part 1, 22.4.2.4); any other such sign is what somebody typed.
ESCAPED = re.compile(r"_x00([01][0-9A-Fa-f]|5F)_")
EXCEL_ERRORS = frozenset({"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#SPILL!", "#CALC!"})

LEVELS = {str(level): level for level in range(1, 6)}

# The day first, as in the United Kingdom, or the year first, as in ISO 8601; never the month first.
DATE_FORMATS = (
    "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%d %m %Y", "%d/%m/%y", "%d.%m.%y", "%d-%m-%y",
    "%d %B %Y", "%d %b %Y", "%d-%b-%Y", "%d-%b-%y", "%d %b %y", "%Y-%m-%d", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S",
    "%d/%m/%Y %H:%M", "%d/%m/%Y %H:%M:%S",
)  # fmt: skip
# "14th" and "Sept", which strptime does not know.
ADORNED = re.compile(r"(?<=\d)(st|nd|rd|th)\b|(?<=\bsep)t\b|,", re.IGNORECASE)


def text_of(value: Cell) -> str:
    """The text as a person sees it in the cell, lines parted by line feeds, nothing around it."""
    if isinstance(value, str):
        return (value.replace("\r\n", "\n").replace("\r", "\n") if "\r" in value else value).strip()
    if value is None or value is UNREAD:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return f"{value:.15g}"  # Excel's own precision: 0.1 + 0.2 is shown as 0.3
    if isinstance(value, datetime) and value.time() == time(0):
        value = value.date()
    return f"{value:%d/%m/%Y}" if type(value) is date else str(value)


def unescaped(text: str) -> str:
    return ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x00" in text else text


def fault_in(text: str) -> str | None:
    """Why this text cannot be stored and what to do, or None."""
    if len(text) > LONGEST_CELL:
        return f"The text is longer than {LONGEST_CELL:,} characters. Shorten it or move a part of it elsewhere."
    if not text.isprintable() and UNUSABLE.search(text):
        return "The text has a control character, which cannot be shown. Delete it or type the text again."
    if text in EXCEL_ERRORS:
        return "The cell has an Excel error instead of a value. Mend the formula or type the text."
    return None


def date_of(value: Cell) -> date:
    """The date in a cell; ValueError if there is none, or if it is a bare number whose start day is unknown."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = " ".join(ADORNED.sub("", text_of(value)[:60]).split())
    for known in DATE_FORMATS:
        try:
            return datetime.strptime(text, known).replace(tzinfo=UTC).date()
        except ValueError:
            continue
    raise ValueError("no date")


def level_of(text: str) -> int | None:
    """A level from 1 to 5; None for every other number (a product of 1 to 25, say) and for words."""
    return LEVELS.get(text)

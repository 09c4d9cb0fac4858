"""Writes a log of our own in the layout of the Joint Journey log: titles above, a key below, ratings in numbers."""

from collections.abc import Iterable, Sequence

import openpyxl

from tests.exchange.official_log import saved

NAME = "Joint Journey - Hazard Log (DCB0129).xlsx"
HEADINGS = (
    "ID", "Hazard", "Cause", "Effect", "Init L", "Init S", "Init Risk", "Existing Controls", "Further Mitigations",
    "Res L", "Res S", "Residual Risk", "Status", "Domain / Reviewer",
)  # fmt: skip
FIRST_ROW = 8
ROWS: tuple[tuple[object, ...], ...] = (
    ("H01", "A reminder names the wrong medicine", "Two lists are mixed up; names look alike.", "A dose is missed.",
     3, 3, 9, "Each reminder shows a picture.", "Names are compared letter by letter.", 2, 3, 6,
     "Implemented (v0.2) - pictures are live.", "Pharmacy"),
    ("H02", "A patient waits for a call that nobody makes", "The list of calls is not read.", "Care starts late.",
     2, 4, 8, "The list is printed daily.", "Overdue calls turn red.", 1, 4, 4, "Controls in place.", "Ward"),
    ("H03", "The font is too small to read", "Phones differ.", "Instructions are guessed.",
     3, 2, 6, "Large print is offered.", "Font follows the phone.", 2, 2, 4, "OPEN - test with patients.", "Design"),
    ("H04", "The service is down at night", "The host restarts.", "Advice is not read.",
     2, 2, 4, "Advice is kept on the phone.", None, 1, 2, 2, "Low risk. Added v0.3.", "Design"),
)  # fmt: skip
KEY = (
    "Risk scoring key:", "\u2264 4 = Acceptable (green)", "5\u20136 = Tolerable (amber)",
    "Likelihood: 1 Very low \u00b7 2 Low \u00b7 3 Medium \u00b7 4 High \u00b7 5 Very high",
    "Severity: 1 Minor \u00b7 2 Significant \u00b7 3 Serious \u00b7 4 Major \u00b7 5 Catastrophic",
)  # fmt: skip


def workbook_bytes(rows: Iterable[Sequence[object]] = ROWS) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Hazard Log"
    for line in (
        "Our Journey \u2014 Clinical Safety Hazard Log",
        "Standard: DCB0129",
        "Manufacturer: Nobody Ltd",
        "",
        "",
    ):
        sheet.append([line or None])
    sheet.append([])
    sheet.append(HEADINGS)
    for row in rows:
        sheet.append(list(row))
    sheet.append([])
    for line in KEY:
        sheet.append([line])
    for title, headings in (("Open Actions", ("Action", "Status", "Notes")), ("Change Log", ("Version", "Date"))):
        book.create_sheet(title).append(headings)
    return saved(book)

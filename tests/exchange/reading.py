"""Short ways to read a hazard log from bytes, as the tests do all the time."""

import csv
import io
from collections.abc import Iterable, Sequence

import pytest

from exchange.hazard_log import HazardLog, HazardLogRefused, LoggedHazard, read_hazard_log
from tests.exchange.official_log import Row, official_workbook_bytes


def read(content: bytes, name: str = "log.xlsx", layout: str | None = None) -> HazardLog:
    return read_hazard_log(io.BytesIO(content), name, layout)


def read_row(row: Row) -> HazardLog:
    """A workbook with this one hazard, in row 5."""
    return read(official_workbook_bytes([row]))


def hazard(row: Row) -> LoggedHazard:
    log = read_row(row)
    assert log.problems == ()
    return log.hazards[0]


def refused(content: bytes, name: str = "log.xlsx", layout: str | None = None) -> HazardLogRefused:
    with pytest.raises(HazardLogRefused) as caught:
        read(content, name, layout)
    error = caught.value
    assert error.status == 422
    assert error.detail.endswith(".")
    return error


def csv_bytes(rows: Iterable[Sequence[object]], separator: str = ",", encoding: str = "utf-8") -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=separator).writerows(rows)
    return text.getvalue().encode(encoding)


# The columns of DCB0129 implementation guidance 3.2, table 2, as one row of headings.
IG_HEADINGS = (
    "Hazard Number", "Hazard Name", "Hazard Description", "Potential Clinical Impact", "Possible Causes",
    "Existing Controls", "Initial Severity", "Initial Likelihood", "Initial Risk Rating", "Design", "Test", "Training",
    "Business Process Change", "Residual Severity", "Residual Likelihood", "Residual Risk Rating", "Actions Summary",
    "Actions Owner", "Hazard Status",
)  # fmt: skip
IG_ROW = (
    "HAZ-1", "Alert arrives late", "The alert waits in a queue", "Treatment starts late",
    "1. Queue full\n2. Network down", "1. Queue is watched\n2. Paging as a fallback", "Major", "Medium", 3,
    "A second queue", "Load test", "n/a", "Bleep the doctor as well", "Major", "Very low", "2",
    "Order the second queue", "Integration lead", "Open",
)  # fmt: skip
REFERRAL_HEADINGS = (
    "ID", "Hazard", "Causes", "Clinical effect", "Existing controls", "Control evidence", "Initial likelihood",
    "Initial severity", "Initial risk", "Residual likelihood", "Residual severity", "Residual risk", "Owner", "Status",
)  # fmt: skip
REFERRAL_ROW = (
    "H-1", "Letter lost", "Printer fails; post is late", "Care is delayed", "Second copy by e-mail", "Test report 4",
    "High", "Considerable", "High", "Low", "Considerable", "Low", "Booking lead", "Open - controlled",
)  # fmt: skip

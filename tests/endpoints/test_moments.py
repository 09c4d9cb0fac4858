"""A day means its end, as UK clocks have it, in summer too."""

from datetime import UTC, datetime, timedelta

import pytest

from endpoints._moments import moment


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2026-05-01", datetime(2026, 5, 1, 23, tzinfo=UTC) - timedelta(microseconds=1)),
        ("2026-01-01", datetime(2026, 1, 2, tzinfo=UTC) - timedelta(microseconds=1)),
        ("2026-05-01T12:00", datetime(2026, 5, 1, 11, tzinfo=UTC)),
        ("2026-05-01T12:00Z", datetime(2026, 5, 1, 12, tzinfo=UTC)),
        ("2026-05-01T12:00+02:00", datetime(2026, 5, 1, 10, tzinfo=UTC)),
        ("9999-12-31", datetime.max.replace(tzinfo=UTC)),
    ],
)
def test_moments(text: str, meant: datetime) -> None:
    assert moment(text) == meant


@pytest.mark.parametrize("text", ["", "today", "2026-13-01", "2026-02-30", "12:00", "0001-01-01T00:00+14:00", "\0"])
def test_what_is_none(text: str) -> None:
    with pytest.raises(ValueError, match="Enter a day such as"):
        moment(text)

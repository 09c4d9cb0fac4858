"""Moments in the past as people ask for them: a day means its end, and a time without a zone is the UK's."""

from datetime import UTC, date, datetime, time, timedelta

from endpoints._words import UK


def moment(text: str) -> datetime:
    """The last instant that is meant, in UTC; ValueError for what no day and no time is."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return time_of(text)
    try:
        return datetime.combine(day + timedelta(days=1), time(), UK).astimezone(UTC) - timedelta(microseconds=1)
    except OverflowError:
        return datetime.max.replace(tzinfo=UTC)


def time_of(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
        return (found if found.tzinfo else found.replace(tzinfo=UK)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError("Enter a day such as 2026-05-01, or a day and a time such as 2026-05-01T12:00") from None

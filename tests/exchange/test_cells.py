"""Texts, dates and levels as cells hold them."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange.cells import Cell, date_of, fault_in, level_of, text_of, unescaped


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        ("  two\r\nlines\rthree \u00a0", "two\nlines\nthree"),
        (7, "7"),
        (7.0, "7"),
        (0.1 + 0.2, "0.3"),
        (True, "TRUE"),
        (date(2026, 3, 1), "01/03/2026"),
        (datetime(2026, 3, 1), "01/03/2026"),  # noqa: DTZ001 - Excel knows no zone
        (datetime(2026, 3, 1, 9, 30), "2026-03-01 09:30:00"),  # noqa: DTZ001 - see above
        (time(9, 30), "09:30:00"),
        (timedelta(hours=25), "1 day, 1:00:00"),
    ],
)
def test_text(value: Cell, text: str) -> None:
    assert text_of(value) == text


@given(st.dates(min_value=date(1970, 1, 1), max_value=date(2068, 12, 31)))
def test_dates_as_the_united_kingdom_writes_them(day: date) -> None:
    for form in ("%d/%m/%Y", "%d.%m.%Y", "%d-%m-%y", "%d %B %Y", "%d %b %Y", "%Y-%m-%d", "%d %b, %Y"):
        assert date_of(day.strftime(form)) == day
    assert date_of(day) == day


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("1/2/2026", date(2026, 2, 1)),
        ("14th Sept 2026", date(2026, 9, 14)),
        ("3rd of March", None),
        ("31/02/2026", None),
        ("02/14/2026", None),
        ("43875", None),
        (43875, None),
        ("2026", None),
        ("soon", None),
        (datetime(2026, 3, 1, 9, 30), date(2026, 3, 1)),  # noqa: DTZ001 - Excel knows no zone
        ("2026-03-01 00:00:00", date(2026, 3, 1)),
    ],
)
def test_dates(value: Cell, day: date | None) -> None:
    if day:
        assert date_of(value) == day
    else:
        with pytest.raises(ValueError, match="no date"):
            date_of(value)


@pytest.mark.parametrize(
    ("text", "level"), [("1", 1), ("5", 5), ("0", None), ("6", None), ("9", None), ("Low", None), ("2.5", None)]
)
def test_levels(text: str, level: int | None) -> None:
    assert level_of(text) == level


@pytest.mark.parametrize("text", ["a\0b", "\x0b", "\x1f", "\x7f", "\x85", "\ud800", "#REF!", "x" * 32_768])
def test_a_text_that_cannot_be_kept_has_a_reason(text: str) -> None:
    fault = fault_in(text)
    assert fault
    assert fault.endswith(".")


@given(st.text(alphabet=st.characters(exclude_categories=["Cc", "Cs"])).filter(lambda text: not text.startswith("#")))
def test_any_other_text_can_be_kept(text: str) -> None:
    assert fault_in(text) is None
    assert fault_in(f"{text}\n\t{text}") is None


def test_what_excel_escapes_comes_back() -> None:
    assert unescaped("one_x000D_\ntwo") == "one\r\ntwo"
    assert unescaped("_x0000_") == "\0"
    assert unescaped("box _x0041_ stays") == "box _x0041_ stays"

"""Texts broken into lines by measured widths: nothing is lost, nothing is too wide, and what is left out is told."""

from hypothesis import given
from hypothesis import strategies as st

from endpoints._lettering import ELLIPSIS, width, wrapped

SIZE, ROOM, MANY = 13, 150, 10_000


@given(st.text(max_size=400))
def test_lines_fit_and_hold_every_character(text: str) -> None:
    lines = wrapped(text, SIZE, ROOM, MANY)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(width(line, SIZE) <= ROOM for line in lines)


@given(st.text(min_size=300, max_size=3000), st.integers(1, 4))
def test_no_more_lines_than_asked_for(text: str, most: int) -> None:
    lines = wrapped(text, SIZE, ROOM, most)
    whole = wrapped(text, SIZE, ROOM, MANY)
    assert len(lines) == min(most, len(whole))
    assert (len(whole) > most) == (bool(lines) and lines[-1].endswith(ELLIPSIS) and lines != whole)
    assert all(width(line, SIZE) <= ROOM for line in lines)


def test_words_stay_whole_where_they_can() -> None:
    assert wrapped("Two patients of one name", SIZE, width("Two patients", SIZE), 9) == ["Two patients", "of one name"]
    assert wrapped("", SIZE, ROOM, 3) == []


def test_wide_and_narrow_signs() -> None:
    assert width("iiii", SIZE) < width("WWWW", SIZE)
    assert width("\N{CJK UNIFIED IDEOGRAPH-4E00}", SIZE) > width("W", SIZE)
    assert width("e\N{COMBINING ACUTE ACCENT}", SIZE) == width("e", SIZE)

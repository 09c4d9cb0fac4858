"""A cell falls apart where its author numbered it, and never loses a word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange.items import items_of, listed_items

LINES = st.lists(
    st.text(alphabet="ab 1.)-*\u2022", max_size=8) | st.from_regex(r"[1-4][.)] ?[a-z]{0,3}", fullmatch=True), max_size=6
)


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("", ()),
        ("  \n \n", ()),
        ("one cause", ("one cause",)),
        ("one\ntwo\n\nthree ", ("one", "two", "three")),
        ("1. one\n2. two\n3. three", ("one", "two", "three")),
        (" 1) one\n 2) two", ("one", "two")),
        ("(1) one\n(2) two", ("one", "two")),
        ("1.one\n2.two", ("one", "two")),
        ("1. one", ("one",)),
        ("- one\n- two", ("one", "two")),
        ("\u2022\tone\n\u2022 two", ("one", "two")),
        ("1. one\nstill one\n2. two", ("1. one\nstill one", "2. two")),
        ("1. one\n  - part a\n  - part b\n2. two", ("1. one\n  - part a\n  - part b", "2. two")),
        ("- one\n* part\n- two", ("- one\n* part", "- two")),
    ],
)
def test_items(text: str, items: tuple[str, ...]) -> None:
    assert items_of(text) == items


@pytest.mark.parametrize(
    "text",
    [
        "1. one\n3. three",
        "2. two\n3. three",
        "1. one\n1. one again",
        "one\n1. two\n2. three",
        "1. one\n1) part\n2. two",
    ],
)
def test_a_list_with_a_gap_stays_line_by_line(text: str) -> None:
    assert items_of(text) == tuple(text.split("\n"))
    assert listed_items(text) == ()


@pytest.mark.parametrize("text", ["1.5 mg is taken for 15 mg", "5 mg", "3 causes", "-5 degrees", "2.4 GHz\n5 GHz"])
def test_a_number_is_no_mark(text: str) -> None:
    assert listed_items(text) == ()


@given(LINES.map("\n".join))
def test_no_word_is_lost(text: str) -> None:
    def letters(of: str) -> str:
        return "".join(character for character in of if character.isalpha())

    assert letters("".join(items_of(text))) == letters(text)
    assert all(item.strip() for item in items_of(text))


@given(st.lists(st.text(alphabet="abc ", min_size=1).filter(str.strip).map(str.strip), min_size=1, max_size=12))
def test_numbering_and_reading_gives_the_items_back(items: list[str]) -> None:
    assert list(items_of("\n".join(f"{place}. {item}" for place, item in enumerate(items, 1)))) == items
    assert list(items_of("\n".join(items))) == items

"""Words that went out and came in: together they are both texts, whatever the texts are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from endpoints._marks import GONE, MOST_WORDS, NEW, SAME, Piece, beside, compared

TEXTS = st.text("ab \n.", max_size=30)


@pytest.mark.parametrize(
    ("before", "after", "pieces"),
    [
        ("", "", []),
        ("a b", "a b", [(SAME, "a b")]),
        ("", "a b", [(NEW, "a b")]),
        ("two mg", "three mg", [(GONE, "two"), (NEW, "three"), (SAME, " mg")]),
        ("a dose", "a high dose", [(SAME, "a "), (NEW, "high "), (SAME, "dose")]),
    ],
)
def test_word_by_word(before: str, after: str, pieces: list[tuple[str, str]]) -> None:
    assert compared(before, after) == [Piece(*piece) for piece in pieces]


@given(TEXTS, TEXTS)
def test_nothing_is_lost(before: str, after: str) -> None:
    pieces = compared(before, after)
    assert "".join(piece.text for piece in pieces if piece.kind != NEW) == before
    assert "".join(piece.text for piece in pieces if piece.kind != GONE) == after
    assert "".join(piece.text for piece in beside(before, after)) == before


def test_long_texts_are_told_as_a_whole_between_their_ends() -> None:
    words = "a b " * MOST_WORDS
    kinds = [piece.kind for piece in compared(f"one {words}x last", f"one {words[::-1]}y last")]
    assert kinds == [SAME, GONE, NEW, SAME]

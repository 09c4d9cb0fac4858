"""Two people's changes of one text: both where they are apart, never a word lost unseen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.audit.merging import MOST_LINES, Suggestion, of_items, suggest

LINES = st.lists(st.sampled_from("abcd"), max_size=8).map("\n".join)
ITEMS = st.lists(st.sampled_from("abcdef"), max_size=5, unique=True)


@pytest.mark.parametrize(
    ("base", "theirs", "yours", "merged", "clash"),
    [
        ("a", "a", "b", "b", False),
        ("a", "b", "a", "b", False),
        ("a", "b", "b", "b", False),
        ("a", "b", "c", "c", True),
        ("one\ntwo\nthree", "ONE\ntwo\nthree", "one\ntwo\nTHREE", "ONE\ntwo\nTHREE", False),
        ("one\ntwo\nthree", "ONE\ntwo\nthree", "one\nTWO\nthree", "ONE\nTWO\nthree", False),
        ("one\ntwo", "one\nA\ntwo", "one\nB\ntwo", "one\nB\ntwo", True),
        ("one\ntwo", "one\nnew\ntwo", "one\nTWO", "one\nTWO", True),
        ("one\ntwo\nthree", "two\nthree", "one\ntwo\nthree\nfour", "two\nthree\nfour", False),
        ("", "theirs", "yours", "yours", True),
        (["a", "b"], ["a", "b", "c"], ["b"], ["b", "c"], False),
        (["a"], ["A"], ["a!"], ["A", "a!"], False),
        (["a"], ["A"], ["a", "b"], ["A", "b"], False),
    ],
)
def test_suggestions(
    base: str | list[str], theirs: str | list[str], yours: str | list[str], merged: str | list[str], *, clash: bool
) -> None:
    assert suggest(base, theirs, yours) == Suggestion(merged, clash=clash)


@given(LINES, LINES, LINES)
def test_whoever_changed_nothing_gives_way_and_a_merge_has_no_sides(base: str, theirs: str, yours: str) -> None:
    assert suggest(base, base, yours).merged == yours
    assert suggest(base, theirs, base).merged == theirs
    one, other = suggest(base, theirs, yours), suggest(base, yours, theirs)
    assert one.clash == other.clash
    if not one.clash:
        assert one.merged == other.merged


@given(ITEMS, ITEMS, ITEMS)
def test_of_lists_what_somebody_put_in_is_there(base: list[str], theirs: list[str], yours: list[str]) -> None:
    merged = of_items(base, theirs, yours)
    assert {*theirs, *yours} - {*base} <= {*merged}
    assert {*merged} == {*merged} - ({*base} - ({*theirs} & {*yours}))


def test_a_text_that_is_too_long_is_left_to_the_person() -> None:
    base = "\n".join(["same"] * (MOST_LINES + 1))
    assert suggest(base, f"a\n{base}", f"{base}\nb").clash

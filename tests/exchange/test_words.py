"""Words in every dress that a spreadsheet gives them; and no number passes for a word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange import words
from models.enumerations import HazardStatus, Likelihood, Severity


def dressed(text: str) -> st.SearchStrategy[str]:
    """The same word in another case, with other separators, and with blanks around it."""
    blanks = st.text(alphabet=" \n\t\u00a0", max_size=3)
    cases = st.sampled_from([str.upper, str.lower, str.title, str.capitalize])
    separators = st.sampled_from([" ", "_", "-", "  ", "\n", "\u00a0"])
    return st.builds(
        lambda before, case, separator, after: before + case(text).replace("_", separator) + after,
        blanks,
        cases,
        separators,
        blanks,
    )


@given(st.sampled_from(Severity).flatmap(lambda value: st.tuples(st.just(value), dressed(value.value))))
def test_a_severity_is_known_in_any_dress(case: tuple[Severity, str]) -> None:
    assert words.severity(case[1]) is case[0]


@given(st.sampled_from(Likelihood).flatmap(lambda value: st.tuples(st.just(value), dressed(value.value))))
def test_a_likelihood_is_known_in_any_dress(case: tuple[Likelihood, str]) -> None:
    assert words.likelihood(case[1]) is case[0]


@given(st.text())
def test_only_the_five_words_of_each_are_known(text: str) -> None:
    found = words.severity(text)
    assert found is None or words.plain(text) == found.value
    likely = words.likelihood(text)
    assert likely is None or words.plain(text) == likely.value.replace("_", " ")


@pytest.mark.parametrize(
    "text", ["1", "5", "3 - Medium", "Medium (3)", "4.0", "", "TBC", "Serious", "Negligible", "High/Low"]
)
def test_numbers_and_words_of_other_scales_are_not_known(text: str) -> None:
    assert words.severity(text) is None
    assert words.likelihood(text) is None


@pytest.mark.parametrize(
    "text", ["n/a", "N/A", "NA", "n.a.", "None.", "nil", "-", "--", "\u2013", "\u2014", "", "Not applicable"]
)
def test_words_for_nothing(text: str) -> None:
    assert words.says_none(text)


@pytest.mark.parametrize("text", ["?", "n/a?", "\u2713", "none of the users may print", "0", "..."])
def test_what_says_something(text: str) -> None:
    assert not words.says_none(text)


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("", HazardStatus.OPEN),
        ("-", HazardStatus.OPEN),
        ("n/a", HazardStatus.OPEN),
        (" OPEN\n", HazardStatus.OPEN),
        ("Closed", HazardStatus.CLOSED),
        ("transferred.", HazardStatus.TRANSFERRED),
        ("Open - controlled", HazardStatus.OPEN),
        ("Open (operational control required)", HazardStatus.OPEN),
        ("Open - re-opened " + "word " * 200, HazardStatus.OPEN),
    ],
)
def test_a_status_that_is_certain(text: str, status: HazardStatus) -> None:
    assert words.status(text) is status


@pytest.mark.parametrize(
    "text",
    [
        "Closed - awaiting approval",
        "Transferred to the trust",
        "Open, now closed",
        "Open / Transferred",
        "Closed" + " " * 700 + "pending",
        "Re-opened",
        "not open",
        "Draft",
        "Mitigated",
        "?",
        "2",
    ],
)
def test_a_status_that_is_not(text: str) -> None:
    assert words.status(text) is None


@given(st.text())
def test_nothing_is_closed_by_a_word_more_or_less(text: str) -> None:
    assert words.status(f"Closed {text}") in (None, HazardStatus.CLOSED)
    if words.status(f"Closed {text}") is HazardStatus.CLOSED:
        assert words.plain(text) == ""

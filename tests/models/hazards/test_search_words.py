"""Words are the same however a text writes them, bounded, and harmless to both databases."""

import re

from hypothesis import given
from hypothesis import strategies as st

from models.hazards.search_words import LONGEST_WORD, MOST_WORDS, signed, words
from models.storage.columns import new_id

SAME = {
    "Élan": ["elan"],
    "E\N{COMBINING ACUTE ACCENT}LAN": ["elan"],
    "STRASSE Straße": ["strasse"],
    "İstanbul": ["istanbul"],
    "e-prescribing": ["e", "prescribing"],
    "patient\N{RIGHT SINGLE QUOTATION MARK}s": ["patient", "s"],
    "snake_case 50%": ["snake", "case", "50"],
    "dose dose DOSE": ["dose"],
    "ﬁne \N{BLACK-LETTER CAPITAL H} ²": ["fine", "h", "2"],
    "患者の名前": ["患", "者", "の", "名", "前"],
    "\N{RIGHT-TO-LEFT MARK}שָׁלוֹם": ["שלום"],
    "soft\N{SOFT HYPHEN}ware": ["software"],
    "💊 💊": [],
    "' \" * : & | ! ( ) \\ \x1f": [],
    "x" * 100_000: ["x" * LONGEST_WORD],
    "": [],
}


def test_words_are_what_people_mean() -> None:
    assert {text: words(text) for text in SAME} == SAME


@given(st.text())
def test_words_mean_nothing_to_a_database(text: str) -> None:
    for word in words(text):
        assert re.fullmatch(r"[^\W_]+", word)
        assert len(word) <= LONGEST_WORD
        assert not re.search("[A-Z]", word)


@given(st.text(), st.text())
def test_a_text_in_a_text_has_its_words(text: str, other: str) -> None:
    assert set(words(f"{other} {text}")) == {*words(other), *words(text)}


@given(st.text(st.characters(max_codepoint=127)))
def test_plain_letters_take_the_short_way_to_the_same_words(text: str) -> None:
    assert words(text) == [word for word in words(f"{text} é") if word != "e" or word in words(text)]


def test_nobody_fills_the_index_with_one_hazard() -> None:
    assert len(words(" ".join(map(str, range(50_000))))) == MOST_WORDS


def test_two_projects_have_words_of_their_own() -> None:
    one, other = new_id(), new_id()
    assert not set(signed(one, ["dose"])) & set(signed(other, ["dose"]))

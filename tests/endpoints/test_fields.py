"""Texts of requests: what is kept as it is, what is trimmed, and what no database or page could hold."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from endpoints._fields import EmailAddress, Line, Request, RequiredLine, RequiredText, Text

KINDS: dict[str, tuple[Any, int]] = {
    "Line": (Line, 300),
    "RequiredLine": (RequiredLine, 300),
    "Text": (Text, 65_536),
    "RequiredText": (RequiredText, 65_536),
    "EmailAddress": (EmailAddress, 254),
}


def read(kind: str, text: object) -> str:
    value: str = TypeAdapter(KINDS[kind][0]).validate_python(text)
    return value


@pytest.mark.parametrize("kind", KINDS)
def test_a_text_is_trimmed_and_otherwise_kept(kind: str) -> None:
    assert read(kind, " \t a 'quoted' <b>é</b> 漢字 🙂 \n") == "a 'quoted' <b>é</b> 漢字 🙂"


@pytest.mark.parametrize("kind", KINDS)
def test_the_limit_counts_characters_that_are_kept(kind: str) -> None:
    longest = KINDS[kind][1]
    assert len(read(kind, f"  {'é' * longest}  ")) == longest
    with pytest.raises(ValidationError):
        read(kind, "é" * (longest + 1))


@pytest.mark.parametrize("kind", ["RequiredLine", "RequiredText"])
@pytest.mark.parametrize("text", ["", "   ", "\n", "\u00a0", "\u200b", "\u202e\u200f", "\ufeff \u2800", "\x85\xad"])
def test_a_required_text_says_something(kind: str, text: str) -> None:
    with pytest.raises(ValidationError):
        read(kind, text)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("character", [*map(chr, range(9)), *map(chr, range(14, 32)), "\x7f", "\ud800"])
def test_no_text_holds_what_postgresql_or_a_terminal_would_choke_on(kind: str, character: str) -> None:
    with pytest.raises(ValidationError):
        read(kind, f"a{character}b")


@pytest.mark.parametrize("gap", ["\n", "\r\n", "\t"])
def test_only_a_text_has_several_lines(gap: str) -> None:
    assert read("Text", f"a{gap}b") == f"a{gap}b"
    for kind in ("Line", "RequiredLine", "EmailAddress"):
        with pytest.raises(ValidationError):
            read(kind, f"a{gap}b")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("value", [None, 7, True, ["x"], b"x\xff", {}])
def test_only_text_is_text(kind: str, value: object) -> None:
    with pytest.raises(ValidationError):
        read(kind, value)


def test_an_address_is_compared_in_lower_case() -> None:
    assert read("EmailAddress", "Ada@Example.ORG") == "ada@example.org"


@given(st.text())
def test_what_is_accepted_can_be_stored(text: str) -> None:
    try:
        accepted = read("Text", text)
    except ValidationError:
        return
    assert "\0" not in accepted
    assert accepted.encode("utf-8").decode() == read("Text", accepted)


def test_an_unknown_field_is_an_error() -> None:
    with pytest.raises(ValidationError):
        Request.model_validate({"severty": "major"})

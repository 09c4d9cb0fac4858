"""The face that a request asks for: a page only for who names HTML and likes nothing better."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from endpoints._accept import is_fragment, is_page, is_safe
from tests.clients import PAGE


def asks(*accept: str, **headers: str) -> dict[str, object]:
    """The scope of a request with these Accept headers and others."""
    lines = [(b"accept", value.encode("latin-1")) for value in accept]
    others = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return {"headers": lines + others, "method": "GET"}


@pytest.mark.parametrize(
    "accept",
    [
        PAGE["Accept"],
        "text/html",
        "TEXT/HTML",
        "text/html;charset=utf-8",
        "text/html ; q=0.5",
        "text/html, application/json",
        "text/html;q=0.5, application/json;q=0.5",
        "text/html, application/json;q=0.9",
        "text/html, */*",
        "application/json;q=0, */*, text/html;q=0.1",
        "application/*;q=0.2, */*, text/html;q=0.3",
        ",, text/html,",
    ],
)
def test_a_page_is_for_who_prefers_html(accept: str) -> None:
    assert is_page(asks(accept))


@pytest.mark.parametrize(
    "accept",
    [
        "",
        "*/*",
        "text/*",
        "application/json",
        "application/json, text/javascript, */*; q=0.01",
        "application/json, text/html;q=0.9",
        "text/html;q=0.5, */*",
        "text/html;q=0.5, application/*;q=0.6",
        "text/html;q=0",
        "text/html;q=0.000",
        "text/htmlx",
        "xtext/html",
        "text/html;q=nan",
        "text/html;q=inf",
        "text/html;q=-1",
        "text/html;q=2",
        "text/html;q=",
        "text/html;q=1e1",
        "text/html;q=0.1234",
        "text / html",
        ";",
        ",",
        "\xff\xfe",
    ],
)
def test_everything_else_is_a_program(accept: str) -> None:
    assert not is_page(asks(accept))


def test_no_header_is_a_program() -> None:
    assert not is_page(asks())


def test_several_lines_are_one_list() -> None:
    assert is_page(asks("image/webp", "text/html"))
    assert not is_page(asks("text/html;q=0.5", "application/json"))


@given(st.text(st.characters(max_codepoint=255)))
def test_any_header_is_one_face_or_the_other(accept: str) -> None:
    assert is_page(asks(accept)) in {True, False}


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, False),
        ({"hx_request": "true"}, True),
        ({"hx_request": "true", "hx_request_type": "partial"}, True),
        ({"hx_request": "true", "hx_request_type": "full"}, False),
        ({"hx_request": "false"}, False),
        ({"hx_request_type": "partial"}, False),
    ],
)
def test_a_fragment_is_for_htmx_that_changes_a_part(headers: dict[str, str], expected: bool) -> None:
    assert is_fragment(asks(**headers)) is expected


@pytest.mark.parametrize(("method", "expected"), [("GET", True), ("HEAD", True), ("POST", False), ("get", False)])
def test_methods_that_only_read_are_safe(method: str, expected: bool) -> None:
    assert is_safe({"method": method}) is expected

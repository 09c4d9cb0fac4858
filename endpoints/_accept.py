"""Which face a request asks for: a page, a fragment of a page for htmx, or JSON."""

import re
from collections.abc import Awaitable

from starlette.types import Message, Scope, Send

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
VARY = "Accept, HX-Request, HX-Request-Type"
"""What an answer depends on: caches must keep the faces apart (RFC 9110, section 12.5.5)."""
QUALITY = re.compile(r"0(\.[0-9]{0,3})?|1(\.0{0,3})?")
"""A weight as RFC 9110, section 12.4.2, spells it."""


def header(scope: Scope, name: bytes) -> bytes:
    """The first value of a request header, empty when it is absent."""
    for key, value in scope["headers"]:
        if key == name:
            found: bytes = value
            return found
    return b""


def lines(scope: Scope, name: bytes) -> str:
    """A header that may be given in several lines as the one list that they mean (RFC 9110, section 5.3)."""
    return b",".join(value for key, value in scope["headers"] if key == name).decode("latin-1")


def is_page(scope: Scope) -> bool:
    """Whether the request prefers HTML to JSON (RFC 9110, section 12.5.1); to name no HTML is to be a program."""
    qualities: dict[str, float] = {}
    accepted = lines(scope, b"accept")
    if "html" not in accepted.lower():
        return False
    for part in accepted.split(","):
        kind, *parameters = (piece.strip().lower() for piece in part.split(";"))
        qualities[kind] = quality(parameters)
    anything = qualities.get("application/*", qualities.get("*/*", 0.0))
    return 0 < qualities.get("text/html", 0.0) >= qualities.get("application/json", anything)


def quality(parameters: list[str]) -> float:
    """The weight of a media range, 0 to 1; 1 where none is given, 0 where it cannot be read."""
    weight = next((value.removeprefix("q=") for value in parameters if value.startswith("q=")), "1")
    return float(weight) if QUALITY.fullmatch(weight) else 0.0


def is_safe(scope: Scope) -> bool:
    """Whether the method only reads (RFC 9110, section 9.2.1)."""
    return scope["method"] in SAFE_METHODS


def is_fragment(scope: Scope) -> bool:
    """Whether htmx asks for only the part of the page that changes."""
    return header(scope, b"hx-request") == b"true" and header(scope, b"hx-request-type") != b"full"


def with_vary(send: Send) -> Send:
    def varied(message: Message) -> Awaitable[None]:
        if message["type"] == "http.response.start" and all(name != b"vary" for name, _ in message["headers"]):
            message["headers"] = [*message["headers"], (b"vary", VARY.encode())]
        return send(message)

    return varied

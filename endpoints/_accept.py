"""Which face a request asks for: a page, a fragment of a page for htmx, or JSON."""

from starlette.types import Scope


def header(scope: Scope, name: bytes) -> bytes:
    """The first value of a request header, empty when it is absent."""
    return next((value for key, value in scope["headers"] if key == name), b"")


def is_page(scope: Scope) -> bool:
    """Whether the request prefers HTML to JSON (RFC 9110, section 12.5.1); `*/*` alone is a program."""
    qualities = {"text/html": 0.0, "application/json": 0.0}
    for part in header(scope, b"accept").decode("latin-1").split(","):
        kind, *parameters = (piece.strip().lower() for piece in part.split(";"))
        if kind in qualities:
            qualities[kind] = quality(parameters)
    return 0 < qualities["text/html"] >= qualities["application/json"]


def quality(parameters: list[str]) -> float:
    """The weight of a media range, 0 to 1; 1 where none is given, 0 where it cannot be read."""
    weight = next((value.removeprefix("q=") for value in parameters if value.startswith("q=")), "1")
    try:
        return float(weight)
    except ValueError:
        return 0.0


def is_fragment(scope: Scope) -> bool:
    """Whether htmx asks for only the part of the page that changes."""
    return header(scope, b"hx-request") == b"true" and header(scope, b"hx-request-type") != b"full"

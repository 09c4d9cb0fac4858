"""The session cookie: its name and attributes, and how it is found in a request (OWASP ASVS 5.0, 3.3.1 to 3.3.4)."""

from starlette.responses import Response
from starlette.types import Scope

PLAIN = "turva_session"
SECURE = "__Host-turva_session"


def name(scope: Scope) -> str:
    """Over https the `__Host-` prefix lets no other host and no other path set it; over http browsers refuse it."""
    return SECURE if scope["scheme"] == "https" else PLAIN


def value(scope: Scope) -> str | None:
    r"""The value of the session cookie; None when there is none, or when there are several and one was planted.

    Only the white space of RFC 6265, section 5.2, is taken off: Python's strip() knows more, and a name such as
    `\xa0__Host-turva_session`, which any page of a sister host may set, would pass for ours.
    """
    wanted = name(scope).encode()
    pairs = [pair for key, header in scope["headers"] if key == b"cookie" for pair in header.split(b";")]
    named = [(key.strip(b" \t"), found.strip(b" \t")) for key, _, found in (pair.partition(b"=") for pair in pairs)]
    values = [found for key, found in named if key == wanted]
    return values[0].decode("latin-1") if len(values) == 1 else None


def give(response: Response, scope: Scope, cookie: str) -> None:
    """Set the cookie; it ends with the browser, and the server ends the session by its own clock."""
    response.set_cookie(name(scope), cookie, path="/", secure=scope["scheme"] == "https", httponly=True, samesite="lax")


def take_back(response: Response, scope: Scope) -> None:
    response.delete_cookie(name(scope), path="/", secure=scope["scheme"] == "https", httponly=True, samesite="lax")

"""The session cookie: its name and attributes, and how it is found in a request (OWASP ASVS 5.0, 3.3.1 to 3.3.4)."""

from starlette.responses import Response
from starlette.types import Scope

PLAIN = "turva_session"
SECURE = "__Host-turva_session"


def name(scope: Scope) -> str:
    """Over https the `__Host-` prefix lets no other host and no other path set it; over http browsers refuse it."""
    return SECURE if scope["scheme"] == "https" else PLAIN


def value(scope: Scope) -> str | None:
    """The value of the session cookie; None when there is none, or when there are several and one was planted."""
    wanted = name(scope)
    found = [
        pair.partition("=")[2].strip()
        for key, header in scope["headers"]
        if key == b"cookie"
        for pair in header.decode("latin-1").split(";")
        if pair.partition("=")[0].strip() == wanted
    ]
    return found[0] if len(found) == 1 else None


def give(response: Response, scope: Scope, cookie: str) -> None:
    """Set the cookie; it ends with the browser, and the server ends the session by its own clock."""
    response.set_cookie(
        name(scope), cookie, path="/", secure=scope["scheme"] == "https", httponly=True, samesite="lax"
    )


def take_back(response: Response, scope: Scope) -> None:
    response.delete_cookie(name(scope), path="/", secure=scope["scheme"] == "https", httponly=True, samesite="lax")

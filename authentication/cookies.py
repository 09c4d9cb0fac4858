"""The cookies: their names and attributes, and how they are found in a request (OWASP ASVS 5.0, 3.3.1 to 3.3.4)."""

from starlette.responses import Response
from starlette.types import Scope

PLAIN = "turva_session"
SECURE = "__Host-turva_session"
PENDING = "turva_second_factor"
SECURE_PENDING = "__Secure-turva_second_factor"
"""Of a sign-in that waits for its second step; `__Host-` would send it everywhere, and one path needs it."""


def name(scope: Scope) -> str:
    """Over https the `__Host-` prefix lets no other host and no other path set it; over http browsers refuse it."""
    return SECURE if scope["scheme"] == "https" else PLAIN


def value(scope: Scope) -> str | None:
    """The value of the session cookie."""
    return found(scope, name(scope))


def found(scope: Scope, name: str) -> str | None:
    r"""The value of the cookie; None when there is none, or when there are several and one was planted.

    Only the white space of RFC 6265, section 5.2, is taken off: Python's strip() knows more, and a name such as
    `\xa0__Host-turva_session`, which any page of a sister host may set, would pass for ours.
    """
    wanted = name.encode()
    pairs = [pair for key, header in scope["headers"] if key == b"cookie" for pair in header.split(b";")]
    named = [(key.strip(b" \t"), given.strip(b" \t")) for key, _, given in (pair.partition(b"=") for pair in pairs)]
    values = [given for key, given in named if key == wanted]
    return values[0].decode("latin-1") if len(values) == 1 else None


def give(response: Response, scope: Scope, cookie: str) -> None:
    """Set the cookie; it ends with the browser, and the server ends the session by its own clock."""
    response.set_cookie(name(scope), cookie, path="/", secure=scope["scheme"] == "https", httponly=True, samesite="lax")


def take_back(response: Response, scope: Scope) -> None:
    response.delete_cookie(name(scope), path="/", secure=scope["scheme"] == "https", httponly=True, samesite="lax")


def pending_name(scope: Scope) -> str:
    return SECURE_PENDING if scope["scheme"] == "https" else PENDING


def pending(scope: Scope) -> str | None:
    """The secret of a sign-in that waits for its second step."""
    return found(scope, pending_name(scope))


def give_pending(response: Response, scope: Scope, secret: str, path: str) -> None:
    secure = scope["scheme"] == "https"
    response.set_cookie(pending_name(scope), secret, path=path, secure=secure, httponly=True, samesite="strict")


def take_back_pending(response: Response, scope: Scope, path: str) -> None:
    if pending(scope) is not None:
        secure = scope["scheme"] == "https"
        response.delete_cookie(pending_name(scope), path=path, secure=secure, httponly=True, samesite="strict")

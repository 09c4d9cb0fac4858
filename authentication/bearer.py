"""A program's token: how it is written, and how it is found in a request (RFC 6750, section 2.1)."""

from starlette.types import Scope

PREFIX = "turva_"
"""By which those who scan for leaked secrets know one."""


def written(secret: str) -> str:
    """The token that a program sends, from the signed text of its secret."""
    return PREFIX + secret


def sent(scope: Scope) -> str | None:
    """The signed text that a request carries; None when it does not claim to have a token.

    Empty, and so never right, for what is no token of ours and for more than one `Authorization`. Other schemes, such
    as the Basic of a proxy in front, claim nothing.
    """
    values = [value for name, value in scope["headers"] if name == b"authorization"]
    parts = [value.partition(b" ") for value in values]
    if not any(scheme.lower() == b"bearer" for scheme, _, _ in parts):
        return None
    text = parts[0][2].strip(b" ").decode("latin-1")
    return text.removeprefix(PREFIX) if len(parts) == 1 and text.startswith(PREFIX) else ""

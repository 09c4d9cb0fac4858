"""Refuses what another site makes a browser send: the session cookie would go with it (OWASP ASVS 5.0, 3.5.1).

The rules are those of Go 1.25's CrossOriginProtection: `Sec-Fetch-Site` decides, else `Origin`; a request with neither
does not come from a browser, so there is nothing ambient to abuse.
"""

from collections.abc import Awaitable, Collection
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from errors import CrossSiteRefused

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class CrossSite:
    def __init__(self, app: ASGIApp, trusted_origins: Collection[str]) -> None:
        self.app = app
        self.trusted_origins = frozenset(trusted_origins)

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        if scope["type"] == "http" and scope["method"] not in SAFE_METHODS:
            headers = Headers(scope=scope)
            if not same_site(headers) and headers.get("origin") not in self.trusted_origins:
                raise CrossSiteRefused
        return self.app(scope, receive, send)


def same_site(headers: Headers) -> bool:
    """Whether the request is the service's own page's, the user's own act, or not a browser's."""
    site = headers.get("sec-fetch-site", "")
    if site:
        return site in ("same-origin", "none")
    origin = headers.get("origin", "")
    return not origin or host_of(origin) == headers.get("host", "")


def host_of(origin: str) -> str | None:
    """The host and port of an origin; None for `null` and for what is no URL, which no host is equal to."""
    try:
        return urlsplit(origin).netloc or None
    except ValueError:
        return None

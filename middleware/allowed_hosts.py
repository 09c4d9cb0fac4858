"""Refuses a Host header that this service does not answer to, before anything is built from it."""

from collections.abc import Awaitable, Sequence

from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from errors import BadRequest

MOST_KNOWN = 100
"""Spellings that are remembered as ours; `*.nhs.uk` would let a client make up any number of them."""


class AllowedHosts:
    """Starlette's check, answering in our shape of error."""

    def __init__(self, app: ASGIApp, allowed_hosts: Sequence[str]) -> None:
        self.app = app
        self.check = TrustedHostMiddleware(accept, allowed_hosts=list(allowed_hosts), www_redirect=False)
        self.known: set[bytes] = set()

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        if scope["type"] == "http":
            host = next((value for name, value in scope["headers"] if name == b"host"), b"")
            if host not in self.known:
                return self.checked(host, scope, receive, send)
        return self.app(scope, receive, send)

    async def checked(self, host: bytes, scope: Scope, receive: Receive, send: Send) -> None:
        await self.check(scope, receive, drop)
        if not scope.pop("host_accepted", False):
            raise BadRequest("This service does not answer to that host name. Its operator names it in ALLOWED_HOSTS.")
        if len(self.known) < MOST_KNOWN:
            self.known.add(host)
        await self.app(scope, receive, send)


async def accept(scope: Scope, _: Receive, __: Send) -> None:
    scope["host_accepted"] = True


async def drop(_: Message) -> None:
    """Starlette's own refusal is plain text; ours is raised instead."""

"""Checks the session cookie against the database on every request, before any handler runs.

It leaves `user`, `session` and `auth` in the scope and refuses nobody: what an endpoint requires stands on its handler
(authentication/access.py). A database that does not answer is a 503, never "signed out" and never "signed in".
"""

from starlette.types import ASGIApp, Receive, Scope, Send

from authentication import cookies
from authentication.sessions import LiveSession, SessionPolicy, resolve, touch
from models.enumerations import SessionKind

UNATTENDED = {(b"accept", b"text/event-stream"), (b"x-unattended", b"true")}
"""What a page sends that is open and that nobody need be looking at; whoever sends it loses by it."""


class SessionCheck:
    def __init__(self, app: ASGIApp, policy: SessionPolicy) -> None:
        self.app = app
        self.policy = policy

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            session = await self._session(scope)
            scope["session"] = session
            scope["user"] = session.user if session else None
            scope["auth"] = session.auth if session else frozenset()
        await self.app(scope, receive, send)

    async def _session(self, scope: Scope) -> LiveSession | None:
        cookie = cookies.value(scope)
        token = self.policy.tokens.read(cookie) if cookie else None
        if token is None:
            return None
        session = await resolve(self.policy, token, SessionKind.BROWSER)
        if session is not None and not is_unattended(scope):
            await touch(self.policy, session)
        return session


def is_unattended(scope: Scope) -> bool:
    """Whether the request is no sign that anybody is there, and must not keep an idle session alive."""
    return not UNATTENDED.isdisjoint(scope["headers"])

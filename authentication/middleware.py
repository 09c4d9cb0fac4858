"""Checks the session cookie or the token against the database on every request, before any handler runs.

It leaves `user`, `session` and `auth` in the scope and refuses nobody but a token that does not work: what an endpoint
requires stands on its handler (authentication/access.py). A database that does not answer is a 503, never "signed out"
and never "signed in".
"""

from starlette.types import ASGIApp, Receive, Scope, Send

from authentication import bearer, cookies
from authentication.sessions import LiveSession, SessionPolicy, resolve, touch
from errors import InvalidToken
from models.enumerations import SessionKind

UNATTENDED = {(b"accept", b"text/event-stream"), (b"x-unattended", b"true")}
"""What a page sends that is open and that nobody need be looking at; whoever sends it loses by it."""


class SessionCheck:
    """`assets` is the path below which everything is anybody's, so that nobody is looked up for it."""

    def __init__(self, app: ASGIApp, policy: SessionPolicy, assets: str = "/assets/") -> None:
        self.app = app
        self.policy = policy
        self.assets = assets

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            session = None if scope["path"].startswith(self.assets) else await self._session(scope)
            scope["session"] = session
            scope["user"] = session.user if session else None
            scope["auth"] = session.auth if session else frozenset()
        await self.app(scope, receive, send)

    async def _session(self, scope: Scope) -> LiveSession | None:
        """The token alone counts where there is one: a cookie is no way round a token that was revoked."""
        text = bearer.sent(scope)
        if text is None:
            session = await self._live(cookies.value(scope), SessionKind.BROWSER)
        elif (session := await self._live(text, SessionKind.TOKEN)) is None:
            raise InvalidToken
        # A token has no idle limit to keep alive, and its use is never hidden.
        if session is not None and (text is not None or not is_unattended(scope)):
            await touch(self.policy, session)
        return session

    async def _live(self, text: str | None, kind: SessionKind) -> LiveSession | None:
        token = self.policy.tokens.read(text) if text else None
        return await resolve(self.policy, token, kind) if token else None


def is_unattended(scope: Scope) -> bool:
    """Whether the request is no sign that anybody is there, and must not keep an idle session alive."""
    return not UNATTENDED.isdisjoint(scope["headers"])

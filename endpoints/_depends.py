"""What handlers ask for in their signature: who is calling, the project of the path, the hazard of the path."""

import functools
from collections.abc import Awaitable, Callable
from typing import Annotated, TypeVar
from uuid import UUID

from fastapi import Depends, Request

from authentication.passkeys import Ceremony, ceremony
from authentication.passwords import Passwords
from authentication.sessions import LiveSession, SessionPolicy, SignedInUser
from authentication.streams import Streams
from authentication.throttles import Guesser
from config import Settings
from models.audit.audit import Actor
from models.projects.projects import VisibleProject
from models.users.people import ANYONE, Viewer

Read = TypeVar("Read")
Ceremonies = Callable[[str], Ceremony | None]


def at_hand(read: Callable[[Request], Read]) -> Callable[[Request], Awaitable[Read]]:
    """A dependency that only looks at the request, so that a handler's wrapper reads it without FastAPI's machinery."""

    @functools.wraps(read)
    async def dependency(request: Request) -> Read:  # a plain function would run in a thread
        return read(request)

    dependency.read = read  # type: ignore[attr-defined]  # endpoints/_faces.py asks for it
    return dependency


@at_hand
def session(request: Request) -> LiveSession:
    """The session that the tree has already required."""
    found: LiveSession = request.scope["session"]
    return found


@at_hand
def user(request: Request) -> SignedInUser:
    found: SignedInUser = request.scope["user"]
    return found


@at_hand
def actor(request: Request) -> Actor:
    """Who the audit trail names for what this request changes."""
    found: LiveSession = request.scope["session"]
    project: VisibleProject | None = request.scope.get("project")
    return Actor(found.user.id, found.id, request.scope["request_id"], project.role if project else None)


async def project(request: Request, project_id: UUID) -> VisibleProject:  # noqa: ARG001 - takes the path parameter
    """The project of the path, as `may(...)` found it for this caller."""
    found: VisibleProject = request.scope["project"]
    return found


@at_hand
def viewer(request: Request) -> Viewer:
    """Who looks at people: anybody, or somebody who is signed in and perhaps a member of the project of the path.

    A session that lacks the second factor its person needs looks as anybody does, also at what is public.
    """
    found: SignedInUser | None = request.scope["user"] if "whole" in request.scope["auth"] else None
    project: VisibleProject | None = request.scope.get("project")
    colleague = project is not None and project.role is not None
    return Viewer(found.id, found.member_id, colleague) if found else ANYONE


@at_hand
def settings(request: Request) -> Settings:
    found: Settings = request.app.state.settings
    return found


@at_hand
def policy(request: Request) -> SessionPolicy:
    found: SessionPolicy = request.app.state.sessions
    return found


@at_hand
def passwords(request: Request) -> Passwords:
    found: Passwords = request.app.state.passwords
    return found


@at_hand
def guesser(request: Request) -> Guesser:
    """Who is calling, signed in or not, as throttles count them."""
    scope, state = request.scope, request.app.state
    found: LiveSession | None = scope["session"]
    request_id = scope["request_id"]
    caller = Actor(found.user.id, found.id, request_id) if found else Actor(request_id=request_id)
    address = request.client.host if request.client else ""
    return Guesser(state.sessions.tokens, state.settings.RATE_LIMIT_ENABLED, address, caller)


@at_hand
def ceremonies(request: Request) -> Ceremonies:
    """How an exchange with a passkey begins: by what it is for."""
    state = request.app.state
    return functools.partial(ceremony, state.settings, state.sessions.tokens)


@at_hand
def streams(request: Request) -> Streams:
    found: Streams = request.app.state.streams
    return found


CurrentSession = Annotated[LiveSession, Depends(session)]
CurrentUser = Annotated[SignedInUser, Depends(user)]
CurrentActor = Annotated[Actor, Depends(actor)]
CurrentProject = Annotated[VisibleProject, Depends(project)]
CurrentViewer = Annotated[Viewer, Depends(viewer)]
CurrentSettings = Annotated[Settings, Depends(settings)]
CurrentPolicy = Annotated[SessionPolicy, Depends(policy)]
CurrentGuesser = Annotated[Guesser, Depends(guesser)]
CurrentPasswords = Annotated[Passwords, Depends(passwords)]
CurrentStreams = Annotated[Streams, Depends(streams)]
CurrentCeremonies = Annotated[Ceremonies, Depends(ceremonies)]

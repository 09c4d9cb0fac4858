"""Text outlives its session: what was typed into a form is kept, for who typed it, until it is sent or thrown away.

With JavaScript the page sends it after a pause (endpoints/account/drafts/). Without, a form that comes too late is
sealed into the page to sign in on. `@keeps_draft` says which pages: never one that asks for a password or a code. Of a
form with a file the text is kept, and the file has to be chosen again.
"""

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Request
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.types import Scope

from authentication import cookies, sessions
from authentication.drafts import content_of, draft
from authentication.sessions import LiveSession
from endpoints._accept import header, is_fragment, is_page
from endpoints._forms import MULTIPART, URLENCODED, Form, boxes_of, fields_of, limited, read, shaped
from endpoints._pages import Site, link, render
from errors import BadRequest, NotRecent, NotSignedIn, TooLarge, TurvaError
from models.audit.audit import Actor
from models.projects import drafts

Handler = TypeVar("Handler", bound=Callable[..., object])

KIND = "form"
LIFETIME = timedelta(days=1)
"""For which a page to sign in on may lie open."""
LARGEST = 700_000
"""Characters of a form that, sealed, still fit into the form of the page to sign in on."""
USE = {"draft": "use"}
"""The query of a page that shows its form with the draft in it."""


@dataclass(frozen=True)
class Drafting:
    """What a page of a form says of its draft: when it was typed, if there is one, and whether the boxes show it."""

    at: datetime | None = None
    used: bool = False


@dataclass(frozen=True)
class ToSignIn:
    """What the page to sign in on is made of, when it also carries a form."""

    next: str
    draft: str


def keeps_draft(handler: Handler) -> Handler:
    """Mark the handler of a page: what is typed into its form is kept when the session ends."""
    handler.keeps_draft = True  # type: ignore[attr-defined]  # `is_marked` reads it
    return handler


def is_marked(handler: Callable[..., object]) -> bool:
    return getattr(handler, "keeps_draft", False)


def is_for_marked_form(scope: Scope) -> bool:
    page = scope.get("page")
    return bool(page and is_marked(page.route.endpoint)) and is_page(scope) and not is_fragment(scope)


async def at_the_door(request: Request, error: TurvaError) -> Response | None:
    """The answer that keeps a form which was refused for the state of its session; None where nothing can be kept."""
    scope = request.scope
    if not isinstance(error, NotSignedIn | NotRecent) or scope["method"] != "POST" or not is_for_marked_form(scope):
        return None
    user_id = await sessions.owner(request.app.state.sessions, cookies.value(scope))
    sent = await sent_form(request) if user_id else ""
    if not sent or not user_id or len(sent) > LARGEST:
        return None
    if isinstance(error, NotRecent):
        session: LiveSession = scope["session"]
        await drafts.keep(actor_of(scope, session), own_path(request), sent)
        confirm = link(request, "/account/confirm/") + "?" + urlencode({"next": back(request)})
        return RedirectResponse(confirm, 303)
    sealed = draft(KIND, user_id, json.dumps([own_path(request), sent]), LIFETIME)
    page = render(request, "auth/login.html", {"model": ToSignIn(back(request), sealed)}, error.status)
    page.headers.update(error.headers)
    return page


async def sent_form(request: Request) -> str:
    """The text of a form, read now if nobody has read it yet; empty when it is none, or too large."""
    scope = request.scope
    form: Form | None = scope.get("form")
    if form:
        return form.sent or urlencode(form.values, doseq=True)
    kind = header(scope, b"content-type").split(b";")[0].strip().lower()
    with suppress(BadRequest, TooLarge, HTTPException):
        if kind == URLENCODED:
            return await read(limited(scope, request.receive, LARGEST))
        if kind == MULTIPART:
            most = scope["node"].operations["POST"].body_limit(request.app.state.settings)
            async with Request(scope, limited(scope, request.receive, most)).form() as parts:
                return urlencode([(name, text) for name, text in parts.multi_items() if isinstance(text, str)])
    return ""


async def take_in(user_id: UUID, sealed: str, request_id: str) -> None:
    """Keep a form that the page to sign in on carried, if this person typed it."""
    if content := content_of(sealed, KIND, user_id):
        path, sent = json.loads(content)
        await drafts.keep(Actor(user_id, request_id=request_id), path, sent)


async def waiting(request: Request) -> Drafting:
    """The draft of the page that is asked for. Where it is to be used, the page shows it like a refused form."""
    scope = request.scope
    session: LiveSession | None = scope["session"]
    found = await drafts.kept(session.user.id, own_path(request)) if session and not scope.get("form") else None
    if not found:
        return Drafting()
    if request.query_params.get("draft") == USE["draft"]:
        with suppress(BadRequest):
            scope["form"] = Form({**scope.get("boxes", {}), **values_of(scope, found.form)})
            return Drafting(found.at, used=True)
    return Drafting(found.at)


def values_of(scope: Scope, sent: str) -> dict[str, Any]:
    sending = scope["node"].operations.get("POST")
    return shaped(fields_of(sent), boxes_of(sending.route) if sending else {})


async def sent(request: Request) -> None:
    """A form was accepted: nothing is left to keep."""
    session: LiveSession | None = request.scope["session"]
    if session and is_for_marked_form(request.scope):
        with suppress(NotSignedIn):  # what was sent is stored, whatever became of the session since
            await drafts.discard(actor_of(request.scope, session), own_path(request))


def actor_of(scope: Scope, session: LiveSession) -> Actor:
    return Actor(session.user.id, session.id, scope["request_id"])


def own_path(request: Request) -> str:
    site: Site = request.app.state.site
    path: str = request.scope["path"]
    return path.removeprefix(site.prefix)


def back(request: Request) -> str:
    """The page of the form with its draft in it; what else its address asked for is kept."""
    asked = [(name, value) for name, value in request.query_params.multi_items() if name != "draft"]
    return own_path(request) + "?" + urlencode([*asked, *USE.items()])

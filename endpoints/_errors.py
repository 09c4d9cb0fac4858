"""Errors leave in one shape: JSON for a program, for a browser the form again or a page that says what to do."""

from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode, urlsplit

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ExceptionHandler, Message, Receive, Scope, Send

from authentication.access import admit
from endpoints._accept import VARY, header, is_fragment, is_page, is_safe, with_vary
from endpoints._drafts import at_the_door
from endpoints._forms import Form
from endpoints._links import is_local
from endpoints._pages import Site, link, render
from endpoints._problems import field_problems
from errors import (
    BadRequest,
    FactorMissing,
    Invalid,
    MethodNotAllowed,
    NotFound,
    NotRecent,
    NotSignedIn,
    TooLarge,
    TurvaError,
)

BY_STATUS = {error.status: error for error in (BadRequest, NotFound, MethodNotAllowed, TooLarge)}


def register(app: FastAPI) -> None:
    """Make every error inside the endpoints leave through `answer`."""
    for kind, in_our_words in ((TurvaError, as_it_is), (HTTPException, of_http), (RequestValidationError, of_fields)):
        app.add_exception_handler(kind, handler(in_our_words))


def handler(in_our_words: Callable[[Any], TurvaError]) -> ExceptionHandler:
    async def handle(request: Request, error: Exception) -> Response:
        told = in_our_words(error)
        return await at_the_door(request, told) or answer(request, told)

    return handle


def as_it_is(error: TurvaError) -> TurvaError:
    return error


def of_http(error: HTTPException) -> TurvaError:
    """FastAPI's and Starlette's own errors in our words; their detail may repeat input, so it is dropped."""
    if known := BY_STATUS.get(error.status_code):
        return known(headers=error.headers)
    other = TurvaError(headers=error.headers)
    other.status, other.code = error.status_code, f"HTTP_{error.status_code}"
    return other


def of_fields(error: RequestValidationError) -> TurvaError:
    return Invalid(problems=field_problems(error.errors()))


def answer(request: Request, error: TurvaError) -> Response:
    """The response for an error, in the face that was asked for."""
    response = in_face(request, error)
    response.headers["Vary"] = VARY
    return response


def in_face(request: Request, error: TurvaError) -> Response:
    scope = request.scope
    if not is_page(scope):
        return JSONResponse(error.body(), error.status, error.headers)
    shown = is_safe(scope) or is_fragment(scope)
    if isinstance(error, NotSignedIn):
        wanted = own_place(request) if scope.get("page") else ""
        return detour(request, error, "/auth/login/", wanted) if shown else error_page(request, error)
    if isinstance(error, NotRecent) and not scope.get("form"):
        return detour(request, error, "/account/confirm/", own_place(request) if shown else form_place(request))
    if isinstance(error, FactorMissing) and shown:
        return detour(request, error, "/account/second_factor/")
    if scope["method"] == "POST" and scope.get("page") and scope.get("form"):
        return FormAgain(error)
    return error_page(request, error)


def error_page(request: Request, error: TurvaError) -> Response:
    response = render(request, "_error.html", {"error": error, "form": None}, error.status)
    response.headers.update(error.headers)
    return response


def detour(request: Request, error: TurvaError, path: str, wanted: str = "") -> Response:
    """To a page of ours and from there on to `wanted`; htmx would swap it into a fragment, so a header tells it."""
    url = by_way_of(request, path, wanted)
    if is_fragment(request.scope):
        return JSONResponse(error.body(), error.status, {"HX-Redirect": url})
    return RedirectResponse(url, 303)


def by_way_of(request: Request, path: str, wanted: str) -> str:
    return link(request, path) + ("?" + urlencode({"next": wanted}) if wanted else "")


def own_place(request: Request) -> str:
    """What was asked for, as a path of the service, which `link` puts below its prefix again."""
    query = request.scope["query_string"].decode("latin-1")
    site: Site = request.app.state.site
    path: str = request.scope["path"]
    return path.removeprefix(site.prefix) + (f"?{query}" if query else "")


def form_place(request: Request) -> str:
    """The page of ours that a refused form was on, as far as the browser says."""
    site: Site = request.app.state.site
    try:
        page = urlsplit(header(request.scope, b"referer").decode("latin-1"))
    except ValueError:
        return ""
    path = page.path.removeprefix(site.prefix) + (f"?{page.query}" if page.query else "")
    ours = page.netloc == header(request.scope, b"host").decode("latin-1") and page.path.startswith(site.prefix)
    return path if ours and is_local(path) else ""


class FormAgain(Response):
    """A refused form comes back as the page it was on: what was typed, the problems, and the error's status."""

    def __init__(self, error: TurvaError) -> None:
        super().__init__(status_code=error.status)
        self.error = error

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        form: Form = scope["form"]
        error = self.error
        refused = replace(
            form,
            problems=error.problems,
            detail=error.detail,
            status=error.status,
            headers=error.headers,
            remedy=error.remedy,
        )
        if isinstance(error, NotRecent):
            request = Request(scope)
            refused = replace(refused, remedy=by_way_of(request, "/account/confirm/", own_place(request)))
        headers = [(name, value) for name, value in scope["headers"] if not name.startswith(b"content-")]
        again = {**scope, "method": "GET", "headers": headers, "form": refused}
        try:
            await admit(scope["page"].access, again)
        except TurvaError as hidden:
            await error_page(Request(again), hidden)(scope, receive, send)
        else:
            async with AsyncExitStack() as stack:
                again["fastapi_middleware_astack"] = stack
                await scope["page"].route.app(again, nothing_more, with_vary(send))


async def nothing_more() -> Message:
    return {"type": "http.request", "body": b"", "more_body": False}

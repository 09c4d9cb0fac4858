"""Errors leave in one shape: JSON for a program, for a browser the form again or a page that says what to do."""

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import Message, Receive, Scope, Send

from endpoints._accept import is_fragment, is_page
from endpoints._forms import Form
from endpoints._pages import link, render
from endpoints._problems import field_problems
from errors import BadRequest, Invalid, MethodNotAllowed, NotFound, NotSignedIn, TooLarge, TurvaError

BY_STATUS = {error.status: error for error in (BadRequest, NotFound, MethodNotAllowed, TooLarge)}


class FieldProblemBody(BaseModel):
    field: str
    message: str


class ErrorBody(BaseModel):
    """Every answer that is not a success."""

    detail: str
    title: str
    statusCode: str = Field(examples=["422"])  # noqa: N815 - the name is part of the published API
    code: str = Field(examples=["VALIDATION_FAILED"])
    errors: list[FieldProblemBody] | None = None


ERROR_RESPONSES: dict[int | str, dict[str, Any]] = {
    "4XX": {"model": ErrorBody, "description": "The request was refused and nothing was changed"},
    422: {"model": ErrorBody, "description": "Fields are missing or not allowed"},
    "5XX": {"model": ErrorBody, "description": "The service could not answer"},
}


def register(app: FastAPI) -> None:
    """Make every error inside the endpoints leave through `answer`."""
    app.add_exception_handler(TurvaError, lambda request, error: answer(request, error))  # type: ignore[arg-type]
    app.add_exception_handler(HTTPException, lambda request, error: answer(request, of_http(error)))  # type: ignore[arg-type]
    app.add_exception_handler(RequestValidationError, lambda request, error: answer(request, of_fields(error)))  # type: ignore[arg-type]


def of_http(error: HTTPException) -> TurvaError:
    """FastAPI's and Starlette's own errors in our words; their detail may repeat input, so it is dropped."""
    known = BY_STATUS.get(error.status_code)
    if known is None:
        known = type("HTTPError", (TurvaError,), {"status": error.status_code, "code": f"HTTP_{error.status_code}"})
    return known(headers=error.headers)


def of_fields(error: RequestValidationError) -> TurvaError:
    return Invalid(problems=field_problems(error.errors()))


def answer(request: Request, error: TurvaError) -> Response:
    """The response for an error, in the face that was asked for."""
    scope = request.scope
    if not is_page(scope):
        return JSONResponse(error.body(), error.status, error.headers)
    if isinstance(error, NotSignedIn) and scope["method"] in ("GET", "HEAD"):
        return to_sign_in(request)
    if scope["method"] == "POST" and scope.get("page") and scope.get("form") and not isinstance(error, NotSignedIn):
        return FormAgain(error)
    return error_page(request, error)


def error_page(request: Request, error: TurvaError) -> Response:
    response = render(request, "_error.html", {"error": error, "form": None}, error.status)
    response.headers.update(error.headers)
    return response


def to_sign_in(request: Request) -> Response:
    """To the sign-in page and back; htmx would swap the page into a fragment, so it is told by a header."""
    query = request.scope.get("query_string", b"").decode("latin-1")
    wanted = request.scope["path"] + (f"?{query}" if query else "")
    url = f"{link(request, '/auth/login/')}?{urlencode({'next': wanted})}"
    if is_fragment(request.scope):
        return JSONResponse(NotSignedIn().body(), 401, {"HX-Redirect": url})
    return RedirectResponse(url, 303)


class FormAgain(Response):
    """A refused form comes back as the page it was on: what was typed, the problems, and the error's status."""

    def __init__(self, error: TurvaError) -> None:
        super().__init__(status_code=error.status)
        self.error = error

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        form: Form = scope["form"]
        refused = replace(form, problems=self.error.problems, detail=self.error.detail, status=self.error.status)
        headers = [(name, value) for name, value in scope["headers"] if not name.startswith(b"content-")]
        again = {**scope, "method": "GET", "headers": headers, "form": refused}
        try:
            await scope["page"].access.admit(again)
        except TurvaError as error:
            await error_page(Request(again), error)(scope, receive, send)
        else:
            await scope["page"].route.app(again, nothing_more, send)


async def nothing_more() -> Message:
    return {"type": "http.request", "body": b"", "more_body": False}

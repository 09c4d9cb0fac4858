"""Submitted HTML forms become the JSON that the handler documents, so that handlers know one kind of body."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin
from urllib.parse import parse_qsl

from fastapi.routing import APIRoute
from pydantic import BaseModel
from pydantic.fields import FieldInfo
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import Message, Receive, Scope

from config import Settings
from endpoints._accept import header
from errors import BadRequest, FieldProblem, TooLarge

Handler = TypeVar("Handler", bound=Callable[..., object])
URLENCODED = b"application/x-www-form-urlencoded"
MULTIPART = b"multipart/form-data"
UNREADABLE = "The form could not be read: it must be UTF-8 with at most 1,000 fields."


@dataclass(frozen=True)
class Form:
    """A form as it was sent and, once refused, why: what the page needs to come back with the text kept."""

    values: dict[str, Any] = field(default_factory=dict)
    problems: tuple[FieldProblem, ...] = ()
    detail: str = ""
    status: int = 200
    remedy: str = ""
    """Where the refusal can be put right, or what stands in the way, if not in the form itself."""
    headers: dict[str, str] = field(default_factory=dict)
    sent: str = ""
    """The body as it came, to be kept when its session has ended; empty for one with files."""


def limited(scope: Scope, receive: Receive, limit: int) -> Receive:
    """Refuse a body of more than `limit` bytes, by its declared length at once, else as soon as it grows past it."""
    declared = header(scope, b"content-length")
    if declared.isdigit() and int(declared) > limit:
        raise TooLarge(f"A request may hold at most {limit:,} bytes.")
    received = 0

    async def counted() -> Message:
        nonlocal received
        message = await receive()
        received += len(message.get("body", b""))
        if received > limit:
            raise HTTPException(413)  # FastAPI lets this class through while it reads a body, and no other
        return message

    return counted


def upload_limit(limit: Callable[[Settings], int]) -> Callable[[Handler], Handler]:
    """Declare how many bytes the file of a handler may have, where it is not UPLOAD_LIMIT_MEGABYTES."""

    def declare(handler: Handler) -> Handler:
        handler.upload_limit = limit  # type: ignore[attr-defined]  # the tree reads it
        return handler

    return declare


@contextmanager
def keep_typed(request: Request, route: APIRoute) -> Iterator[None]:
    """When a form with a file is refused, the page comes back with the text; the file itself a browser forgets."""
    try:
        yield
    except Exception:
        if isinstance(sent := getattr(request, "_form", None), FormData) and "form" in request.scope:
            lists = {name for name, of in boxes_of(route).items() if list in kinds_of(of.annotation)}
            texts = {name: sent.getlist(name) if name in lists else sent[name] for name in sent if name not in FILES}
            request.scope["form"] = replace(request.scope["form"], values=texts)
        raise


FILES = frozenset({"file"})
"""What uploads are called everywhere."""


def without_blanks(scope: Scope) -> None:
    """A box that was left empty in a search form says nothing; a program that sends an empty value is told so."""
    query = scope["query_string"]
    if b"=&" in query or query.endswith(b"="):
        scope["query_string"] = b"&".join(pair for pair in query.split(b"&") if pair.partition(b"=")[2])


async def posted_form(scope: Scope, receive: Receive, route: APIRoute) -> Receive:
    """Turn an urlencoded body into JSON in the shape of the handler's model; leave every other body alone."""
    kind = header(scope, b"content-type").split(b";")[0].strip().lower()
    if kind == MULTIPART:
        scope["form"] = Form()
    if kind != URLENCODED:
        return receive
    sent = await read(receive)
    values = shaped(fields_of(sent), boxes_of(route))
    scope["form"] = Form(values, sent=sent)
    body = json.dumps(values).encode()
    replaced = {b"content-type": b"application/json", b"content-length": str(len(body)).encode()}
    scope["headers"] = [(name, value) for name, value in scope["headers"] if name not in replaced] + [*replaced.items()]
    return replay(body, receive)


async def read(receive: Receive) -> str:
    """An urlencoded body as text. BadRequest when it is not UTF-8."""
    body = bytearray()
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise BadRequest("The form ended before it was whole.")  # half of it must not pass for all of it
        body += message.get("body", b"")
        more = message.get("more_body", False)
    try:
        return body.decode()
    except ValueError as error:
        raise BadRequest(UNREADABLE) from error


def fields_of(sent: str) -> list[tuple[str, str]]:
    """The fields of an urlencoded body, in order. BadRequest when they are not UTF-8 or too many."""
    try:
        return parse_qsl(sent, keep_blank_values=True, errors="strict", max_num_fields=1000)
    except ValueError as error:
        raise BadRequest(UNREADABLE) from error


ASKED = "-asked"
"""Ends the name of a box that only asks the page for something (a severity by harm): no handler is sent it."""


def shaped(pairs: list[tuple[str, str]], fields: Mapping[str, FieldInfo]) -> dict[str, Any]:
    """Values as the fields of a handler want them.

    A list is sent as one text box with an item a line, or as a box an item, which may then have several lines. An empty
    box gives no value, except to a field that is text or may be null, where it says that the value was taken away.
    """
    given: dict[str, list[str]] = {}
    for name, value in with_days(chosen([pair for pair in pairs if not pair[0].endswith(ASKED)]), fields):
        given.setdefault(name, []).append(value.replace("\r\n", "\n"))
    shape: dict[str, Any] = {}
    for name, values in given.items():
        kinds = set(kinds_of(fields[name].annotation)) if name in fields else {str}
        if list in kinds:
            items = values[0].splitlines() if len(values) == 1 else values
            shape[name] = [item.strip() for item in items if item.strip()]
        elif values[-1] or str in kinds:
            shape[name] = values[-1]
        elif NoneType in kinds:
            shape[name] = None
    return shape


def chosen(pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Of a field that two people changed the text that was taken: `name-take` says whether the box or one of both.

    `name-theirs` and `name-yours` hold the two (endpoints/_merge.html).
    """
    taken = {name.removesuffix("-take"): value for name, value in pairs if name.endswith("-take")}
    found = []
    for name, value in pairs if taken else ():
        whole, _, part = name.rpartition("-")
        if whole in taken and part == taken[whole]:
            found.append((whole, value))
        elif whole not in taken and taken.get(name, "box") == "box":
            found.append((name, value))
    return found if taken else pairs


def with_days(pairs: list[tuple[str, str]], fields: Mapping[str, FieldInfo]) -> Iterator[tuple[str, str]]:
    """The three boxes of a day, `name-day`, `name-month` and `name-year`, as one: 2027-3-31, empty without any."""
    days = {name: dict.fromkeys(("year", "month", "day"), "") for name, of in fields.items() if has_days(of)}
    seen = set()
    for name, value in pairs:
        whole, _, part = name.rpartition("-")
        if part in days.get(whole, ()):
            days[whole][part] = value.strip()
            seen.add(whole)
        else:
            yield name, value
    for name in seen:
        yield name, "-".join(days[name].values()) if any(days[name].values()) else ""


def has_days(of: FieldInfo) -> bool:
    return date in kinds_of(of.annotation)


def kinds_of(annotation: Any) -> Iterator[Any]:
    """The plain types that a field admits: `list[str] | None` admits list and NoneType."""
    if get_origin(annotation) in (Union, UnionType):
        for member in get_args(annotation):
            yield from kinds_of(member)
    else:
        origin = get_origin(annotation)
        yield from kinds_of(get_args(annotation)[0]) if hasattr(annotation, "__metadata__") else (origin or annotation,)


def boxes_of(route: APIRoute) -> Mapping[str, FieldInfo]:
    """What a handler reads from the body, by name: the fields of its one model, or each that it asks for itself."""
    if model := body_model(route):
        return model.model_fields
    return {one.alias: one.field_info for one in route.dependant.body_params}


def body_model(route: APIRoute) -> type[BaseModel] | None:
    """The one Pydantic model that a handler reads from the body."""
    annotations = [parameter.field_info.annotation for parameter in route.dependant.body_params]
    models = [found for found in annotations if isinstance(found, type) and issubclass(found, BaseModel)]
    return models[0] if len(models) == 1 else None


def replay(body: bytes, receive: Receive) -> Receive:
    """A `receive` that gives this body once, and then what the client does next."""
    waiting = [body]

    async def replayed() -> Message:
        if waiting:
            return {"type": "http.request", "body": waiting.pop(), "more_body": False}
        return await receive()

    return replayed

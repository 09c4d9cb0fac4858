"""The short way answers byte for byte as FastAPI does, and leaves to FastAPI whatever a client is asked for."""

from typing import Annotated, Any

import httpx
import pytest
from fastapi import BackgroundTasks, Cookie, Depends, FastAPI, Header, Request, Response
from fastapi.exceptions import ResponseValidationError
from fastapi.responses import PlainTextResponse
from fastapi.routing import APIRoute
from pydantic import BaseModel
from starlette.types import ASGIApp, Receive, Scope, Send

from endpoints._depends import CurrentSettings, CurrentUser, CurrentViewer
from endpoints._faces import two_faced
from endpoints._plain import plain_handler
from endpoints._tree import Tree


class Thing(BaseModel):
    name: str
    size: float = 0.1


async def model() -> Thing:
    return Thing(name='Caf\u00e9 "<&>" \u2028')


async def of_another_class() -> Thing:
    return {"name": "x", "size": 2}  # type: ignore[return-value]


async def listed() -> list[Thing]:
    return [Thing(name="a"), Thing(name="b")]


async def with_headers(response: Response) -> Thing:
    response.headers["X-Extra"] = "1"
    response.set_cookie("a", "b")
    response.status_code = 202
    return Thing(name="x")


async def itself() -> PlainTextResponse:
    return PlainTextResponse("itself", 203)


async def of_the_request(request: Request) -> Thing:
    return Thing(name=request.scope["path"])


def route(handler: Any, **options: Any) -> APIRoute:
    return APIRoute("/", two_faced(handler, None), **options)


async def answered(app: ASGIApp) -> httpx.Response:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost") as client:
        return await client.get("/")


def the_short_way(made: APIRoute) -> ASGIApp:
    short = plain_handler(made)
    assert short is not None

    async def plain(scope: Scope, receive: Receive, send: Send) -> None:
        await (await short(Request(scope, receive)))(scope, receive, send)

    return plain


def the_long_way(made: APIRoute) -> ASGIApp:
    whole = FastAPI()
    whole.router.routes.append(made)
    return whole


@pytest.mark.parametrize("handler", [model, of_another_class, listed, with_headers, of_the_request])
async def test_the_same_answer(handler: Any) -> None:
    expected, found = await answered(the_long_way(route(handler))), await answered(the_short_way(route(handler)))
    assert (found.status_code, found.content) == (expected.status_code, expected.content)
    assert found.headers.multi_items() == expected.headers.multi_items()


async def test_a_response_is_the_answer() -> None:
    made = route(itself, response_model=Thing)
    expected, found = await answered(the_long_way(made)), await answered(the_short_way(made))
    assert (found.status_code, found.text) == (expected.status_code, expected.text) == (203, "itself")


async def test_an_answer_that_is_not_the_model_is_a_fault() -> None:
    async def wrong() -> Thing:
        return {"size": "large"}  # type: ignore[return-value]

    with pytest.raises(ResponseValidationError):
        await answered(the_short_way(route(wrong)))


async def by_query(search: str = "") -> Thing:
    return Thing(name=search)


async def by_header(accept: Annotated[str, Header()]) -> Thing:
    return Thing(name=accept)


async def by_cookie(crumb: Annotated[str, Cookie()]) -> Thing:
    return Thing(name=crumb)


async def by_body(thing: Thing) -> Thing:
    return thing


async def later(tasks: BackgroundTasks) -> Thing:
    return Thing(name=str(tasks))


async def depending(found: Annotated[Thing, Depends(model)]) -> Thing:
    return found


async def untyped():  # type: ignore[no-untyped-def]  # noqa: ANN201 - that is the case
    return {"a": 1}


@pytest.mark.parametrize("handler", [by_query, by_header, by_cookie, by_body, later, depending, untyped])
def test_what_a_client_is_asked_for_is_for_fastapi(handler: Any) -> None:
    assert plain_handler(route(handler)) is None


@pytest.mark.parametrize(
    "options",
    [
        {"status_code": 201},
        {"response_model_exclude_none": True},
        {"response_model_by_alias": False},
        {"response_model_include": {"name"}},
        {"response_class": PlainTextResponse},
        {"dependencies": [Depends(model)]},
    ],
)
def test_what_a_route_says_is_for_fastapi(options: dict[str, Any]) -> None:
    assert plain_handler(route(model, **options)) is None


def test_what_lies_in_the_request_is_asked_of_no_client() -> None:
    async def at_hand(user: CurrentUser, settings: CurrentSettings, viewer: CurrentViewer) -> Thing:
        return Thing(name=f"{user}{settings}{viewer}")

    assert plain_handler(route(at_hand)) is not None


def test_reading_an_account_is_short(app: FastAPI) -> None:
    tree: Tree = app.state.tree
    assert {one.url for one in tree.operations if one.plain} >= {"/", "/account/"}

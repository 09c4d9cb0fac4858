"""One handler, two faces: JSON, page, part of a page, and what follows a change in each of them."""

import json
from collections.abc import AsyncIterator
from typing import Annotated, Any

import httpx
import pytest
from fastapi import FastAPI, Query, Request, Response

from endpoints._accept import VARY
from endpoints._faces import two_faced
from tests.clients import PAGE, connect
from tests.trees import SHOW, Grow, endpoint

HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}
THINGS = """
class Things(BaseModel):
    names: list[str]
    secret: str = Field("kept", exclude=True)

@router.get("/")
@requires(public)
async def things(response: Response) -> Things:
    response.headers["X-Seen"] = "yes"
    response.set_cookie("seen", "1")
    return Things(names=["<b>one", "two"])
"""
CREATE = """
class NewThing(_fields.Request):
    name: _fields.RequiredLine

class Created(BaseModel):
    name: str
    url: str

class Choices(BaseModel):
    kinds: list[str] = ["a"]

@router.get("/")
@requires(public)
async def choices() -> Choices:
    return Choices()

@router.post("/", status_code=201)
@requires(public)
async def create(thing: NewThing, answer: Response) -> Created:
    answer.set_cookie("made", "1", httponly=True)
    return Created(name=thing.name, url="/things/created/")
"""
LEAVE = """
@router.post("/", status_code=204, response_class=Response)
@requires(public)
async def leave(response: Response) -> Done:
    response.delete_cookie("seen")
    return Done("/auth/login/")
"""
COUNT = """
class Count(BaseModel):
    counted: int

@router.post("/")
@requires(public)
async def count() -> Count:
    return Count(counted=3)
"""
OWN_ANSWER = """
from fastapi.responses import PlainTextResponse

@router.get("/")
@requires(public)
async def text() -> PlainTextResponse:
    return PlainTextResponse("just text")
"""
TREE = {
    "things/index.py": endpoint(THINGS),
    "things/index.html": "<title>Things</title>{% include 'things/index.fragment.html' %}",
    "things/index.fragment.html": "{% for name in model.names %}<li>{{ name }}</li>{% endfor %}",
    "things/whole.py": endpoint(THINGS),
    "things/whole.html": "<title>Whole</title>{{ model.secret }}",
    "things/create.py": endpoint(CREATE),
    "things/create.html": "<title>New</title>{{ model.kinds }}",
    "things/leave.py": endpoint(LEAVE),
    "things/count.py": endpoint(COUNT),
    "bare.py": endpoint(SHOW),
    "text.py": endpoint(OWN_ANSWER),
    "text.html": "never shown",
}


@pytest.fixture
def app(grow: Grow) -> FastAPI:
    return grow(TREE)


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with connect(app) as opened:
        yield opened


async def test_a_program_gets_the_model(client: httpx.AsyncClient) -> None:
    answer = await client.get("/things/")
    assert answer.headers["content-type"] == "application/json"
    assert answer.json() == {"names": ["<b>one", "two"]}


async def test_a_browser_gets_the_page_of_the_same_model(client: httpx.AsyncClient) -> None:
    answer = await client.get("/things/", headers=PAGE)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert answer.text == "<title>Things</title><li>&lt;b&gt;one</li><li>two</li>"


async def test_a_page_sees_the_model_itself(client: httpx.AsyncClient) -> None:
    """What JSON leaves out, such as where a sign-in leads, a page may need."""
    assert "kept" in (await client.get("/things/whole/", headers=PAGE)).text
    assert "kept" not in (await client.get("/things/whole/")).text


async def test_htmx_gets_the_part_of_the_page(client: httpx.AsyncClient) -> None:
    answer = await client.get("/things/", headers={**PAGE, **HTMX})
    assert answer.text == "<li>&lt;b&gt;one</li><li>two</li>"
    full = await client.get("/things/", headers={**PAGE, "HX-Request": "true", "HX-Request-Type": "full"})
    assert full.text.startswith("<title>Things")


async def test_a_page_without_parts_is_sent_whole(client: httpx.AsyncClient) -> None:
    answer = await client.get("/things/whole/", headers={**PAGE, **HTMX})
    assert answer.text.startswith("<title>Whole")


async def test_a_program_that_claims_to_be_htmx_is_still_a_program(client: httpx.AsyncClient) -> None:
    assert (await client.get("/things/", headers=HTMX)).headers["content-type"] == "application/json"


async def test_an_endpoint_without_a_page_is_json_for_everyone(client: httpx.AsyncClient) -> None:
    assert (await client.get("/bare/", headers=PAGE)).json() == "shown"


async def test_an_answer_of_the_handlers_own_is_left_alone(client: httpx.AsyncClient) -> None:
    assert (await client.get("/text/", headers=PAGE)).text == "just text"


@pytest.mark.parametrize("face", [{}, PAGE, {**PAGE, **HTMX}])
async def test_headers_and_cookies_travel_with_every_face(client: httpx.AsyncClient, face: dict[str, str]) -> None:
    answer = await client.get("/things/", headers=face)
    assert answer.headers.get_list("x-seen") == ["yes"]
    assert answer.cookies["seen"] == "1"
    assert len(answer.headers.get_list("set-cookie")) == len(answer.headers.get_list("content-type")) == 1


@pytest.mark.parametrize("path", ["/things/", "/bare/", "/things/create/"])
@pytest.mark.parametrize("face", [{}, PAGE])
async def test_caches_keep_the_faces_apart(client: httpx.AsyncClient, path: str, face: dict[str, str]) -> None:
    assert (await client.get(path, headers=face)).headers.get_list("vary") == [VARY]
    assert (await client.post(path, headers=face, data={"name": ""})).headers.get_list("vary") == [VARY]


async def test_head_has_the_headers_of_the_page(client: httpx.AsyncClient) -> None:
    get, head = await client.get("/things/", headers=PAGE), await client.head("/things/", headers=PAGE)
    same = ("content-type", "content-length", "vary")
    assert [head.headers[name] for name in same] == [get.headers[name] for name in same]


@pytest.mark.parametrize("body", [{"json": {"name": "x"}}, {"data": {"name": "x"}}])
async def test_a_program_is_told_where_the_new_thing_is(client: httpx.AsyncClient, body: dict[str, Any]) -> None:
    answer = await client.post("/things/create/", **body)
    assert (answer.status_code, answer.headers["location"]) == (201, "/things/created/")
    assert answer.json() == {"name": "x", "url": "/things/created/"}
    assert answer.cookies["made"] == "1"


@pytest.mark.parametrize("body", [{"json": {"name": "x"}}, {"data": {"name": "x"}}])
async def test_a_browser_goes_on_to_the_new_thing(client: httpx.AsyncClient, body: dict[str, Any]) -> None:
    answer = await client.post("/things/create/", **body, headers=PAGE)
    assert (answer.status_code, answer.headers["location"]) == (303, "/things/created/")
    assert answer.cookies["made"] == "1"
    assert answer.content == b""


async def test_a_browser_that_makes_one_thing_after_another_comes_back_to_the_form(client: httpx.AsyncClient) -> None:
    answer = await client.post("/things/create/?again=true", data={"name": "x"}, headers=PAGE)
    assert (answer.status_code, answer.headers["location"]) == (303, "/things/create/?after=again")
    program = await client.post("/things/create/?again=true", json={"name": "x"})
    assert program.headers["location"] == "/things/created/"


async def test_done_is_nothing_for_a_program_and_a_redirect_for_a_browser(client: httpx.AsyncClient) -> None:
    program = await client.post("/things/leave/")
    assert (program.status_code, program.content) == (204, b"")
    assert "location" not in program.headers
    browser = await client.post("/things/leave/", headers=PAGE)
    assert (browser.status_code, browser.headers["location"]) == (303, "/auth/login/")
    for answer in (program, browser):
        assert len(answer.headers.get_list("set-cookie")) == 1
        assert "Max-Age=0" in answer.headers["set-cookie"]


async def test_a_change_that_leads_nowhere_answers_its_model(client: httpx.AsyncClient) -> None:
    for face in ({}, PAGE):
        answer = await client.post("/things/count/", headers=face)
        assert (answer.status_code, answer.json()) == (200, {"counted": 3})


async def test_links_and_redirects_stay_below_the_prefix(grow: Grow) -> None:
    async with connect(grow(TREE, API_PATH="/safety")) as client:
        made = await client.post("/safety/things/create/", json={"name": "x"})
        assert made.headers["location"] == "/safety/things/created/"
        again = await client.post("/safety/things/create/?again=true", json={"name": "x"}, headers=PAGE)
        assert again.headers["location"] == "/safety/things/create/?after=again"
        gone = await client.post("/safety/things/leave/", headers=PAGE)
        assert gone.headers["location"] == "/safety/auth/login/"


def test_the_second_face_keeps_the_signature_that_fastapi_reads() -> None:
    async def handler(thing: int, response: Response, search: Annotated[str, Query()] = "x") -> dict[str, str]:
        """What it does."""
        return {}

    either = two_faced(handler, None)
    assert list(either.__signature__.parameters) == ["thing", "response", "search", "request_"]  # type: ignore[attr-defined]
    assert either.__doc__ == "What it does."
    assert either.__name__ == "handler"


async def test_a_handler_gets_what_it_asked_for_and_no_more(grow: Grow) -> None:
    code = """
@router.get("/")
@requires(public)
async def names(req: Request, answer: Response, marked: Annotated[str, Query(), {"un": "hashable"}] = "m") -> list[str]:
    return [type(req).__name__, type(answer).__name__, marked]
"""
    async with connect(grow({"names.py": endpoint(code)})) as client:
        assert json.loads((await client.get("/names/")).text) == [Request.__name__, Response.__name__, "m"]

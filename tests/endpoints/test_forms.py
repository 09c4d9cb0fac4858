"""A form is the JSON that the handler documents; a refused one comes back as its page, with all that was typed."""

import re
from collections.abc import AsyncIterator
from typing import Annotated, Any

import httpx
import pytest
from fastapi import FastAPI
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, SecretStr
from starlette.types import Message

from endpoints._forms import shaped
from tests.clients import PAGE, connect
from tests.trees import Grow, endpoint

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
CREATE = """
import enum

class Colour(enum.StrEnum):
    RED = "red"

class NewThing(_fields.Request):
    name: _fields.RequiredLine
    notes: _fields.Text = "unset"
    causes: list[_fields.RequiredText] = []
    colour: Colour | None = None
    rank: int = 1
    password: SecretStr | None = None

class Created(BaseModel):
    given: dict[str, str | int | list[str] | None]
    url: str = "/things/1/"

class Choices(BaseModel):
    hint: str = "as you like"

@router.get("/")
@requires(public)
async def choices(asked: str = "") -> Choices:
    return Choices()

@router.post("/", status_code=201)
@requires(public)
async def create(thing: NewThing) -> Created:
    if thing.name == "taken":
        raise Conflict
    if thing.name == "odd":
        raise Invalid(problems=[FieldProblem("name", "Enter another name")])
    if thing.name == "gone":
        raise NotFound
    if thing.name == "busy":
        raise Unavailable(retry_after=17)
    if thing.name == "broken":
        raise RuntimeError("hunter2 in an exception")
    return Created(given=thing.model_dump(mode="json", exclude_unset=True))
"""
PAGE_OF_FORM = """
{% extends "_layout.html" %}
{% from "_macros.html" import text_field, select_field %}
{% block title %}New thing{% endblock %}
{% block content %}
<p>{{ model.hint }}</p>
<form method="post" novalidate>
{{ text_field(form, "name", "Name") }}
{{ text_field(form, "notes", "Notes", rows=3) }}
{{ text_field(form, "causes", "Causes", rows=3) }}
{{ text_field(form, "password", "Password", type="password") }}
{{ select_field(form, "colour", "Colour", ["red"], blank="None") }}
</form>
{% endblock %}
"""
UPLOAD = """
class Choices(BaseModel):
    kinds: list[str] = ["csv"]

@router.get("/")
@requires(public)
async def choices() -> Choices:
    return Choices()

@router.post("/", status_code=201)
@requires(public)
async def upload(file: Annotated[UploadFile, File()]) -> dict[str, str]:
    return {"url": "/things/1/", "name": file.filename or ""}
"""
NO_BODY = """
@router.post("/")
@requires(public)
async def touch() -> str:
    return "touched"
"""
SEARCH = """
class Wanted(BaseModel):
    search: str = "everything"
    status: Annotated[str, Field(min_length=1)] = "open"

@router.get("/")
@requires(public)
async def search(wanted: Annotated[Wanted, Query()]) -> Wanted:
    return wanted
"""
TREE = {
    "things/create.py": endpoint(CREATE),
    "things/create.html": PAGE_OF_FORM,
    "things/pageless.py": endpoint(CREATE),
    "things/upload.py": endpoint(UPLOAD),
    "things/upload.html": '{% extends "_layout.html" %}{% block content %}{{ model.kinds }}{% endblock %}',
    "things/touch.py": endpoint(NO_BODY),
    "things/search.py": endpoint(SEARCH),
    "things/search.html": "{{ model.search }} {{ model.status }}",
}


@pytest.fixture
def app(grow: Grow) -> FastAPI:
    return grow(TREE)


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with connect(app) as opened:
        yield opened


@pytest.mark.parametrize(
    ("sent", "given"),
    [
        ("name=x", {"name": "x"}),
        ("name=caf%C3%A9+%F0%9F%99%82", {"name": "café 🙂"}),
        ("name=a%26b%3Dc%2Bd", {"name": "a&b=c+d"}),
        ("name=first&name=last", {"name": "last"}),
        ("name=x&notes=", {"name": "x", "notes": ""}),
        ("name=x&notes=a%0D%0Ab", {"name": "x", "notes": "a\nb"}),
        ("name=x&causes=one%0D%0A%0D%0A++two++", {"name": "x", "causes": ["one", "two"]}),
        ("name=x&causes=one%0D%0Amore&causes=two", {"name": "x", "causes": ["one\nmore", "two"]}),
        ("name=x&causes=", {"name": "x", "causes": []}),
        ("name=x&causes=&causes=+&causes=two", {"name": "x", "causes": ["two"]}),
        ("name=x&colour=red&rank=3", {"name": "x", "colour": "red", "rank": 3}),
        ("name=x&rank=", {"name": "x"}),
    ],
)
async def test_a_form_says_what_json_would(client: httpx.AsyncClient, sent: str, given: dict[str, Any]) -> None:
    answer = await client.post("/things/create/", content=sent, headers=FORM)
    assert answer.status_code == 201, answer.text
    assert answer.json()["given"] == given
    browser = await client.post("/things/create/", content=sent, headers={**FORM, **PAGE})
    assert (browser.status_code, browser.headers["location"]) == (303, "/things/1/")


async def test_an_emptied_select_takes_the_value_away(client: httpx.AsyncClient) -> None:
    answer = await client.post("/things/create/", data={"name": "x", "colour": ""})
    assert answer.json()["given"] == {"name": "x", "colour": None}


async def test_a_refused_form_comes_back_with_what_was_typed(client: httpx.AsyncClient) -> None:
    typed = {"name": "", "notes": "two\r\n<b>lines", "causes": "one\r\ntwo", "colour": "red", "password": "hunter2"}
    answer = await client.post("/things/create/", data=typed, headers=PAGE)
    assert (answer.status_code, answer.headers["content-type"]) == (422, "text/html; charset=utf-8")
    assert "as you like" in answer.text
    assert "two\n&lt;b&gt;lines</textarea>" in answer.text
    assert "one\ntwo</textarea>" in answer.text
    assert re.search(r'<option value="red" selected', answer.text)
    assert "hunter2" not in answer.text


async def test_the_summary_leads_to_each_problem(client: httpx.AsyncClient) -> None:
    answer = await client.post("/things/create/", data={"rank": "first", "causes": "x" * 65_537}, headers=PAGE)
    assert "<title>Error: New thing" in answer.text
    assert re.findall(r'<a href="#(\w+)">', answer.text) == ["name", "causes", "rank"]
    assert answer.text.count("Enter a name") == 2


async def test_what_the_handler_refuses_comes_back_alike(client: httpx.AsyncClient) -> None:
    answer = await client.post("/things/create/", data={"name": "odd", "notes": "kept"}, headers=PAGE)
    assert answer.status_code == 422
    assert answer.text.count("Enter another name") == 2
    assert "kept</textarea>" in answer.text


async def test_a_conflict_loses_no_text(client: httpx.AsyncClient) -> None:
    answer = await client.post("/things/create/", data={"name": "taken", "notes": "my long text"}, headers=PAGE)
    assert answer.status_code == 409
    assert "my long text</textarea>" in answer.text
    assert 'value="taken"' in answer.text
    assert "Nothing was changed" in answer.text


async def test_a_busy_database_loses_no_text_and_says_when_to_come_back(client: httpx.AsyncClient) -> None:
    answer = await client.post("/things/create/", data={"name": "busy", "notes": "my long text"}, headers=PAGE)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "17")
    assert "my long text</textarea>" in answer.text


async def test_an_unforeseen_error_loses_no_text_and_tells_none_of_its_own(client: httpx.AsyncClient) -> None:
    answer = await client.post("/things/create/", data={"name": "broken", "notes": "my long text"}, headers=PAGE)
    assert answer.status_code == 500
    assert "my long text</textarea>" in answer.text
    assert "hunter2" not in answer.text
    assert answer.headers["x-request-id"] in answer.text


async def test_a_refused_form_of_a_program_is_json(client: httpx.AsyncClient) -> None:
    answer = await client.post("/things/create/", data={"name": "", "password": "hunter2"})
    assert answer.status_code == 422
    assert answer.json() == {
        "detail": "Some of what was sent is missing or not allowed. Nothing was stored.",
        "title": "There is a problem",
        "statusCode": "422",
        "code": "VALIDATION_FAILED",
        "errors": [{"field": "name", "message": "Enter a name"}],
    }


async def test_a_refused_form_without_a_page_is_a_page_of_the_error(client: httpx.AsyncClient) -> None:
    answer = await client.post("/things/touch/", content="=%FF", headers={**FORM, **PAGE})
    assert (answer.status_code, "<title>" in answer.text) == (400, True)


async def test_json_that_a_browser_sent_is_refused_on_a_page(client: httpx.AsyncClient) -> None:
    answer = await client.post("/things/create/", json={"name": ""}, headers=PAGE)
    assert (answer.status_code, answer.headers["content-type"]) == (422, "text/html; charset=utf-8")


async def test_an_unknown_field_is_told(client: httpx.AsyncClient) -> None:
    answer = await client.post("/things/create/", data={"name": "x", "severty": "major"})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "severty")


@pytest.mark.parametrize(
    "body",
    [b"name=%FF", b"name=\xff", b"%FF=x", b"&".join([b"name=x"] * 1001), b"&" * 1001],
    ids=["percent", "bytes", "field", "1,001 fields", "1,002 nothings"],
)
@pytest.mark.parametrize("face", [{}, PAGE])
async def test_a_form_that_cannot_be_read_is_refused(
    client: httpx.AsyncClient, body: bytes, face: dict[str, str]
) -> None:
    answer = await client.post("/things/create/", content=body, headers={**FORM, **face})
    assert answer.status_code == 400
    assert "UTF-8 with at most 1,000 fields" in answer.text


async def test_a_thousand_fields_are_read(client: httpx.AsyncClient) -> None:
    body = b"&".join([b"name=x"] + [b"causes=%d" % number for number in range(999)])
    answer = await client.post("/things/create/", content=body, headers=FORM)
    assert answer.status_code == 201
    assert len(answer.json()["given"]["causes"]) == 999


async def test_half_a_form_is_no_form(app: FastAPI) -> None:
    """A browser that goes away in the middle must not leave the first half of a text as the whole."""
    messages: list[Message] = [
        {"type": "http.request", "body": b"name=x&notes=the first ha", "more_body": True},
        {"type": "http.disconnect"},
    ]
    sent: list[Message] = []

    async def receive() -> Message:
        return messages.pop(0)

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {
        "type": "http", "method": "POST", "path": "/things/create/", "query_string": b"", "scheme": "http",
        "headers": [(b"host", b"localhost"), (b"content-type", b"application/x-www-form-urlencoded")], "root_path": "",
    }  # fmt: skip
    await app(scope, receive, send)
    assert sent[0]["status"] == 400


async def test_a_form_for_a_handler_without_a_body_is_welcome(client: httpx.AsyncClient) -> None:
    assert (await client.post("/things/touch/", data={"button": "Go"})).json() == "touched"


async def test_a_get_is_no_form_whatever_it_carries(client: httpx.AsyncClient) -> None:
    sent = {"content": "name=typed", "headers": {**FORM, **PAGE}}
    answer = await client.request("GET", "/things/create/", **sent)  # type: ignore[arg-type]
    assert (answer.status_code, "typed" in answer.text) == (200, False)


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", "everything open"),
        ("?search=&status=", "everything open"),
        ("?status=&search=x", "x open"),
        ("?search=a%3D&status=", "a= open"),
        ("?search=a=&status=", "a= open"),
    ],
)
async def test_boxes_of_a_search_that_were_left_empty_say_nothing(
    client: httpx.AsyncClient, query: str, shown: str
) -> None:
    assert (await client.get(f"/things/search/{query}", headers=PAGE)).text == shown


async def test_an_empty_value_of_a_program_is_a_value(client: httpx.AsyncClient) -> None:
    assert (await client.get("/things/search/?status=")).status_code == 422


async def test_a_refused_upload_comes_back_as_its_page(client: httpx.AsyncClient) -> None:
    answer = await client.post("/things/upload/", files={"other": b"x"}, headers=PAGE)
    assert (answer.status_code, "csv" in answer.text) == (422, True)
    assert '<a href="#file">' in answer.text
    sent = await client.post("/things/upload/", files={"file": ("log.csv", b"x")})
    assert sent.json() == {"url": "/things/1/", "name": "log.csv"}
    broken = await client.post("/things/upload/", content=b"--x", headers={"Content-Type": "multipart/form-data"})
    assert (broken.status_code, broken.json()["code"]) == (400, "BAD_REQUEST")


class Shape(BaseModel):
    text: str = ""
    maybe_text: str | None = None
    number: int = 0
    items: list[str] = []
    maybe_items: Annotated[list[str] | None, "marked"] = None
    secret: SecretStr = SecretStr("")


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("text", "", ""),
        ("maybe_text", "", ""),
        ("items", "", []),
        ("maybe_items", "a\nb", ["a", "b"]),
        ("maybe_items", " ", []),
        ("unknown", "", ""),
        ("unknown", "x", "x"),
        ("secret", "x", "x"),
        ("number", "7", "7"),
    ],
)
def test_a_box_gives_what_its_field_admits(name: str, text: str, value: object) -> None:
    assert shaped([(name, text)], Shape.model_fields) == {name: value}


@pytest.mark.parametrize("name", ["number", "secret"])
def test_an_empty_box_of_a_field_that_is_no_text_gives_nothing(name: str) -> None:
    assert shaped([(name, "")], Shape.model_fields) == {}


@given(st.lists(st.tuples(st.sampled_from([*Shape.model_fields, "unknown"]), st.text())))
def test_any_form_has_a_shape(pairs: list[tuple[str, str]]) -> None:
    shape = shaped(pairs, Shape.model_fields)
    assert shape.keys() <= {name for name, _ in pairs}
    assert shaped(pairs, {}).keys() == {name for name, _ in pairs}


@pytest.mark.parametrize(
    ("take", "shape"),
    [
        ("box", {"name": "box", "causes": ["one", "two"]}),
        ("theirs", {"name": "theirs", "causes": ["T"]}),
        ("yours", {"name": "yours", "causes": []}),
        ("none", {}),
    ],
)
def test_of_two_texts_the_one_that_was_chosen_is_taken(take: str, shape: dict[str, Any]) -> None:
    class Named(BaseModel):
        name: str = ""
        causes: list[str] = []

    pairs = [("name", "box"), ("name-theirs", "theirs"), ("name-yours", "yours"), ("name-take", take)]
    pairs += [("causes", "one"), ("causes", "two"), ("causes", ""), ("causes-theirs", "T"), ("causes-theirs", "")]
    pairs += [("causes-yours", ""), ("causes-take", take)]
    assert shaped(pairs, Named.model_fields) == shape

"""The application as a whole: its description, its life below a prefix, and what it does on a real socket."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
import uvicorn
from fastapi import FastAPI

import endpoints
from config import Settings, load_settings
from endpoints.__main__ import rows
from endpoints._loader import load
from endpoints._openapi import ErrorBody
from main import create_app
from models.audit.audit import COMMAND_LINE
from models.storage.database import database
from models.users import accounts
from tests.clients import PAGE, PASSWORD, Person, connect, environment
from tests.trees import SHOW, Grow, endpoint, grow, plant

__all__ = ["grow", "plant"]

PREFIX = "/safety/turva"


@pytest.fixture(scope="module")
def description() -> dict[str, Any]:
    """The OpenAPI description of the product, as a client reads it."""
    app = create_app(load_settings(environment("sqlite:///var/never-opened.db")))

    async def read() -> dict[str, Any]:
        async with connect(app) as client:
            answer = await client.get("/openapi.json")
        found: dict[str, Any] = answer.json()
        return found

    return asyncio.run(read())


def operations(description: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in description["paths"].items():
        for method, operation in item.items():
            yield method.upper(), path, operation


def test_every_endpoint_is_described(description: dict[str, Any]) -> None:
    described = {(method, path) for method, path, _ in operations(description)}
    assert described == {(method, url) for method, url, _, _ in rows(load(endpoints))}


def test_who_needs_a_session_is_described(description: dict[str, Any]) -> None:
    """Which tokens do too: tests/authentication/test_scopes.py."""
    access = {(method, url): access for method, url, access, _ in rows(load(endpoints))}
    for method, path, operation in operations(description):
        ways = operation.get("security", [])
        assert ({"session": []} in ways) == (access[method, path] != "public")
        assert ({} in ways) == (access[method, path] in {"project:read", "hazard:read", "evidence:read"})
    scheme = description["components"]["securitySchemes"]["session"]
    assert scheme == {"type": "apiKey", "in": "cookie", "name": "turva_session"}


def test_every_error_is_described_in_the_one_shape(description: dict[str, Any]) -> None:
    for _, _, operation in operations(description):
        for status in ("4XX", "422", "5XX"):
            schema = operation["responses"][status]["content"]["application/json"]["schema"]
            assert schema == {"$ref": "#/components/schemas/ErrorBody"}
    assert "ValidationError" not in json.dumps(description)


async def test_an_error_has_the_shape_that_is_described(grow: Grow) -> None:
    async with connect(grow({"x.py": endpoint(SHOW.replace("show()", "show(page: int)"))})) as client:
        for path in ("/x/", "/nothing/"):
            body = (await client.get(path)).json()
            assert ErrorBody.model_validate(body, extra="forbid").model_dump(exclude_none=True) == body


def test_every_reference_leads_somewhere(description: dict[str, Any]) -> None:
    references = set(re.findall(r'"\$ref": "([^"]*)"', json.dumps(description)))
    assert len(references) > 20
    for reference in references:
        found: Any = description
        for part in reference.removeprefix("#/").split("/"):
            assert part in found, reference
            found = found[part]


def test_every_operation_has_a_name_of_its_own_and_says_what_it_does(description: dict[str, Any]) -> None:
    names = [operation["operationId"] for *_, operation in operations(description)]
    assert len(set(names)) == len(names)
    assert [path for _, path, operation in operations(description) if not operation.get("description")] == []


def test_every_parameter_of_a_path_is_described_as_a_uuid(description: dict[str, Any]) -> None:
    for _, path, operation in operations(description):
        described = {one["name"]: one["schema"] for one in operation.get("parameters", []) if one["in"] == "path"}
        assert described.keys() == set(re.findall(r"\{(\w+)\}", path))
        assert all((one["type"], one["format"]) == ("string", "uuid") for one in described.values())


def test_the_description_is_made_once_and_says_its_version(description: dict[str, Any]) -> None:
    assert description["openapi"].startswith("3.1")
    app = create_app(load_settings(environment("sqlite:///var/never-opened.db")))
    assert app.openapi() is app.openapi()


def test_what_is_hidden_is_not_described(grow: Grow) -> None:
    hidden = SHOW.replace('"/"', '"/", include_in_schema=False')
    assert list(grow({"a.py": endpoint(), "b.py": endpoint(hidden)}).openapi()["paths"]) == ["/a/"]


def test_an_application_without_endpoints_is_described_too(grow: Grow) -> None:
    assert grow({}).openapi()["paths"] == {}


def test_nothing_of_an_exception_is_exported(grow: Grow) -> None:
    """FastAPI would hand their words, which may hold a patient's data, to whatever collects telemetry."""
    assert not grow({})._native_telemetry.enabled()


@asynccontextmanager
async def started(settings: Settings) -> AsyncIterator[FastAPI]:
    app = create_app(settings)
    async with app.router.lifespan_context(app):
        yield app


@asynccontextmanager
async def below_the_prefix(database_url: str) -> AsyncIterator[httpx.AsyncClient]:
    """A browser without a session at a Turva that lives below a prefix, where Ada has an account."""
    async with started(load_settings(environment(database_url, API_PATH=PREFIX))) as app:
        hashed = await app.state.passwords.hash(PASSWORD)
        names = {"first_name": "Ada", "last_name": "Example"}
        address = "ada@example.org"
        await accounts.create(COMMAND_LINE, email_address=address, password_hash=hashed, is_verified=True, **names)
        async with connect(app, headers=PAGE) as client:
            yield client


async def test_a_browser_never_leaves_the_prefix(database_url: str) -> None:
    async with below_the_prefix(database_url) as client:
        front = await client.get(f"{PREFIX}/")
        asked = await client.get(f"{PREFIX}/projects/?search=ward")
        form = await client.get(asked.headers["location"])
        wanted = parse_qs(urlsplit(asked.headers["location"]).query)["next"][0]
        credentials = {"email_address": "ada@example.org", "password": PASSWORD, "next": wanted}
        signed_in = await client.post(f"{PREFIX}/auth/login/", data=credentials)
        page = await client.get(signed_in.headers["location"])
        made = await client.post(f"{PREFIX}/projects/create/", data={"name": "Ward round"})
        project = await client.get(made.headers["location"])
        slash = await client.get(f"{PREFIX}/account")
        out = await client.post(f"{PREFIX}/auth/logout/")
        again = await client.get(f"{PREFIX}/projects/", headers={"HX-Request": "true"})
    assert front.headers["location"] == f"{PREFIX}/projects/"
    assert urlsplit(asked.headers["location"]).path == f"{PREFIX}/auth/login/"
    assert signed_in.headers["location"] == f"{PREFIX}/projects/?search=ward"
    assert (form.status_code, page.status_code, project.status_code) == (200, 200, 200)
    assert made.headers["location"].startswith(f"{PREFIX}/projects/")
    assert slash.headers["location"] == f"{PREFIX}/account/"
    assert out.headers["location"] == f"{PREFIX}/auth/login/"
    assert again.headers["hx-redirect"].startswith(f"{PREFIX}/auth/login/")
    for shown in (form, page, project):
        links = re.findall(r'(?:href|src|action)="([^"]*)"', shown.text)
        assert [link for link in links if not link.startswith((f"{PREFIX}/", "#", "?"))] == []


async def test_the_cookie_the_assets_and_the_description_work_below_the_prefix(database_url: str) -> None:
    async with below_the_prefix(database_url) as client:
        form = await client.get(f"{PREFIX}/auth/login/")
        assets = re.findall(r'(?:src|href)="([^"]*/assets/[^"]*)"', form.text)
        answers = [await client.get(asset) for asset in assets]
        body = {"email_address": "ada@example.org", "password": PASSWORD}
        signed_in = await client.post(f"{PREFIX}/auth/login/", json=body, headers={"Accept": "*/*"})
        made = await client.post(f"{PREFIX}/projects/create/", json={"name": "Ward"}, headers={"Accept": "*/*"})
        described = await client.get(f"{PREFIX}/openapi.json")
        outside = [await client.get(path) for path in ("/", "/projects/", "/openapi.json", "/health/", f"{PREFIX}x/")]
    assert made.json()["url"] == made.headers["location"] == f"{PREFIX}/projects/{made.json()['id']}/"
    assert len(assets) >= 5
    assert {answer.status_code for answer in answers} == {200}
    assert "Path=/;" in f"{signed_in.headers['set-cookie']};"
    assert all(path.startswith(f"{PREFIX}/") for path in described.json()["paths"])
    assert {answer.status_code for answer in outside} == {404}


async def test_an_ended_session_is_asked_to_sign_in_and_led_back(owner: Person) -> None:
    assert (await owner.client.post("/auth/logout/")).status_code == 204
    page = await owner.client.get("/projects/?search=ward", headers=PAGE)
    assert page.headers["location"] == "/auth/login/?next=%2Fprojects%2F%3Fsearch%3Dward"
    assert (await owner.client.get("/projects/")).status_code == 401


async def test_the_database_is_open_as_long_as_the_application_runs(settings: Settings) -> None:
    async with started(settings):
        assert database.is_connected
    assert not database.is_connected


async def test_the_database_is_closed_after_a_failure(settings: Settings) -> None:
    with pytest.raises(KeyError):
        async with started(settings) as app:
            raise KeyError
    assert not database.is_connected
    with pytest.raises(RuntimeError):
        await app.state.passwords.hash("x")


# What the servers that parse HTTP for us make of odd requests, and of our answers.

CREATE = SHOW.replace("get", "post").replace("show()", "show(thing: dict[str, str])")
TREE = {"x.py": endpoint(SHOW), "make.py": endpoint(CREATE)}


@asynccontextmanager
async def listening(app: FastAPI, parser: Any) -> AsyncIterator[int]:
    config = uvicorn.Config(app, port=0, http=parser, lifespan="off", log_config=None, server_header=False)
    config.load()
    server = uvicorn.Server(config)
    server.lifespan = config.lifespan_class(config)
    await server.startup()
    try:
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        await server.shutdown()


async def spoken(port: int, request: bytes) -> tuple[bytes, bytes]:
    """The head and the body of the answer to these bytes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request)
    answer = await asyncio.wait_for(reader.read(), 30)
    writer.close()
    head, _, body = answer.partition(b"\r\n\r\n")
    return head, body


def request(line: str, *headers: str, body: bytes = b"") -> bytes:
    lines = [f"{line} HTTP/1.1", "Host: localhost", "Connection: close", *headers]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


CHUNK = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"


@pytest.mark.parametrize("parser", ["h11", "httptools"])
@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (request("GET /x/"), 200),
        (request("HEAD /x/"), 200),
        (request("GET /x"), 308),
        (request("GET //evil.example/%2e%2e"), 404),
        (request("GET /%2Fevil.example"), 404),
        (request("GET /x%0d%0aX-Evil:%201"), 404),
        (request("OPTIONS /x/"), 405),
        (request("POST /make/", "Content-Type: application/json", "Content-Length: 2", body=b"{}"), 200),
        (request("POST /make/", "Content-Type: application/json", "Content-Length: 99999999", body=b"{"), 413),
        (
            request(
                "POST /make/",
                "Content-Type: application/json",
                "Transfer-Encoding: chunked",
                body=CHUNK * 17 + b"0\r\n\r\n",
            ),
            413,
        ),
        (request("GET /x/").replace(b"localhost", b"evil.example"), 400),
        (request("GET /x/").replace(b"Host: localhost\r\n", b""), 400),
    ],
    ids=lambda value: value[:30].decode("latin-1").strip() if isinstance(value, bytes) else str(value),
)
async def test_on_a_socket(grow: Grow, parser: str, sent: bytes, status: int) -> None:
    async with listening(grow(TREE), parser) as port:
        head, body = await spoken(port, sent)
    assert int(head.split()[1]) == status
    assert b"evil" not in head.lower()
    if sent.startswith(b"HEAD"):
        assert body == b""
        assert b"content-length: 7" in head.lower()


@pytest.mark.parametrize("parser", ["h11", "httptools"])
async def test_an_address_that_names_another_host_leads_nowhere_else(grow: Grow, parser: str) -> None:
    async with listening(grow(TREE), parser) as port:
        head, _ = await spoken(port, request("GET http://evil.example/x"))
    assert int(head.split()[1]) in {308, 404}
    assert b"location: http" not in head.lower()

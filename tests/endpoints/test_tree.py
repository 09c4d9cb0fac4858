"""Where requests go: one canonical URL, complete answers about methods, redirects that lead nowhere else, limits."""

import re
from collections.abc import AsyncIterator
from urllib.parse import unquote_to_bytes
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI
from starlette.types import Message, Receive, Scope, Send

from endpoints._tree import Tree
from tests.clients import BASE_URL, PAGE, connect
from tests.trees import SHOW, Grow, SignIn, endpoint

ID = "0190d3c2-7c1e-7b3a-9f6e-2b8f6d1c4a55"
THING = """
class Thing(_fields.Request):
    name: str

@router.get("/")
@requires(public)
async def show(thing_id: UUID) -> dict[str, str]:
    return {"thing": str(thing_id)}

@router.delete("/")
@requires(public)
async def delete(thing_id: UUID) -> dict[str, str]:
    return {"gone": str(thing_id)}
"""
CREATE = """
class Thing(_fields.Request):
    name: str

@router.post("/", status_code=201)
@requires(public)
async def create(thing: Thing) -> Thing:
    return thing
"""
UPLOAD = """
@router.post("/")
@requires(public)
async def upload(file: Annotated[UploadFile, File()]) -> int:
    return len(await file.read())
"""
WHO = """
@router.get("/")
@requires(public)
async def who(request: Request) -> dict[str, str]:
    return {"method": request.method, "route": request.scope["route"].path, "path": request.url.path}
"""
TREE = {
    "index.py": endpoint(),
    "who.py": endpoint(WHO),
    "things/create.py": endpoint(CREATE),
    "things/upload.py": endpoint(UPLOAD),
    "things/guarded.py": endpoint(CREATE.replace("public", "signed_in")),
    "things/thing_id/index.py": endpoint(THING),
    "things/thing_id/parts.py": endpoint(SHOW.replace("show()", "show(thing_id: UUID)")),
}


@pytest.fixture
def app(grow: Grow) -> FastAPI:
    return grow(TREE, UPLOAD_LIMIT_MEGABYTES="2")


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with connect(app) as opened:
        yield opened


async def test_a_word_and_a_parameter_in_one_folder_are_told_apart(client: httpx.AsyncClient) -> None:
    assert (await client.get(f"/things/{ID}/")).json() == {"thing": ID}
    assert (await client.get(f"/things/{ID.upper()}/")).json() == {"thing": ID}
    assert (await client.post("/things/create/", json={"name": "x"})).status_code == 201
    assert (await client.get(f"/things/{ID}/parts/")).json() == "shown"


@pytest.mark.parametrize(
    ("path", "allow"),
    [("/who/", "GET, HEAD"), ("/things/create/", "POST"), (f"/things/{ID}/", "DELETE, GET, HEAD")],
)
@pytest.mark.parametrize("method", ["PATCH", "OPTIONS", "TRACE", "PROPFIND"])
async def test_a_method_that_is_not_served_gets_all_that_are(
    client: httpx.AsyncClient, path: str, allow: str, method: str
) -> None:
    answer = await client.request(method, path, headers={"Sec-Fetch-Site": "same-origin"})
    assert (answer.status_code, answer.headers["allow"]) == (405, allow)
    assert answer.json()["code"] == "METHOD_NOT_ALLOWED"


async def test_the_wrong_method_never_reaches_the_neighbour(client: httpx.AsyncClient) -> None:
    """Starlette would go on to `/things/{thing_id}/` and find `create` not to be a UUID."""
    answer = await client.delete("/things/create/")
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")


async def test_head_is_get_without_its_body(client: httpx.AsyncClient) -> None:
    get, head = await client.get("/who/"), await client.head("/who/")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-type"] == get.headers["content-type"]
    assert (await client.head("/things/create/")).status_code == 405
    assert (await client.head("/nothing/")).status_code == 404


async def test_the_handler_knows_its_route_by_the_whole_path(client: httpx.AsyncClient) -> None:
    assert (await client.get("/who/")).json() == {"method": "GET", "route": "/who/", "path": "/who/"}


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "DELETE"])
@pytest.mark.parametrize(
    ("asked", "location"),
    [
        ("/who", "/who/"),
        (f"/things/{ID}", f"/things/{ID}/"),
        ("/who?next=//evil.example/&a=%2F", "/who/?next=//evil.example/&a=%2F"),
        ("/who?", "/who/"),
        ("/things/create", "/things/create/"),
        ("/who%2F", None),
    ],
)
async def test_a_missing_slash_is_added_without_naming_a_host(
    client: httpx.AsyncClient, method: str, asked: str, location: str | None
) -> None:
    answer = await client.request(method, asked)
    if location is None:
        assert answer.status_code in {200, 405}  # %2F is a slash by the time that ASGI tells the path
    else:
        assert (answer.status_code, answer.headers["location"]) == (308, location)
        assert answer.content == b""


async def test_a_redirect_with_a_forged_host_stays_here(grow: Grow) -> None:
    async with connect(grow(TREE, ALLOWED_HOSTS="*")) as client:
        answer = await client.get("/who", headers={"Host": "evil.example", "X-Forwarded-Host": "evil.example"})
    assert (answer.status_code, answer.headers["location"]) == (308, "/who/")


@pytest.mark.parametrize(
    "path",
    [
        "//evil.example",
        "//evil.example/who",
        "/%2Fevil.example",
        "/\\evil.example",
        "/%5Cevil.example",
        "//who",
        "//who/",
        "/who//",
        "///",
        "/./who",
        "/things//create/",
        "/things/../who/",
        "/things/%2e%2e/who/",
        "/WHO/",
        "/who/index/",
        "/index/",
        "/things/",
        "/things/thing_id/",
        "/things/{thing_id}/",
        "/_pages/",
        "/__init__/",
        "/nothing/",
        "/who/nothing/",
        "/wh%C3%B6/",
        "/who%00/",
        "/who%0d%0aX-Evil:%201/",
        "/things/%00/",
    ],
)
@pytest.mark.parametrize("face", [{}, PAGE])
async def test_an_unknown_path_is_not_found_in_our_shape(app: FastAPI, path: str, face: dict[str, str]) -> None:
    answer = await raw_get(app, path, face)
    assert answer.status_code == 404
    assert "location" not in answer.headers
    assert "x-evil" not in answer.headers
    if face:
        assert "<title>Page not found" in answer.text
        links = re.findall(r'(?:href|action|src)="([^"]*)"', answer.text)
        assert [link for link in links if not re.match(r"/[^/\\]|#", link)] == []
    else:
        assert answer.json()["code"] == "NOT_FOUND"


async def raw_get(app: FastAPI, path: str, headers: dict[str, str]) -> httpx.Response:
    """GET of a path that the client must not tidy up."""
    decoded = unquote_to_bytes(path).decode("utf-8", "replace")

    async def forced(scope: Scope, receive: Receive, send: Send) -> None:
        await app({**scope, "path": decoded, "raw_path": path.encode()}, receive, send)

    async with httpx.AsyncClient(transport=httpx.ASGITransport(forced), base_url=BASE_URL) as client:
        return await client.get("/", headers=headers)


@pytest.mark.parametrize("path", ["who", "who/", "*", "http://localhost/who/", "", "?x"])
async def test_a_path_without_its_first_slash_is_no_path_of_ours(app: FastAPI, path: str) -> None:
    """A server hands on what a client wrote, and a proxy may have judged it as another path."""
    assert (await raw_get(app, path, {})).status_code == 404


@pytest.mark.parametrize(
    "garbage",
    [
        "1",
        "nonsense",
        ID[:-1],
        f"{ID}0",
        ID.replace("-", ""),
        f"{{{ID}}}",
        f"urn:uuid:{ID}",
        f"{ID}%0A",
        "%20" + ID,
        ID[:-1] + "g",
        "\u0660" + ID[1:],
    ],
)
async def test_what_is_no_identifier_is_not_found(client: httpx.AsyncClient, garbage: str) -> None:
    assert (await client.get(f"/things/{garbage}/")).status_code == 404
    assert (await client.delete(f"/things/{garbage}/")).status_code == 404


async def test_websockets_are_refused(app: FastAPI) -> None:
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "websocket.connect"}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {"type": "websocket", "path": "/who/", "headers": [], "query_string": b"", "root_path": "", "scheme": "ws"}
    await app({**scope, "subprotocols": []}, receive, send)
    assert sent == [{"type": "websocket.close", "code": 1000, "reason": ""}]


async def test_an_anonymous_caller_is_refused_before_the_body_is_read(app: FastAPI) -> None:
    read = []

    async def body() -> AsyncIterator[bytes]:
        read.append(True)
        yield b"{" * 10_000_000

    async with connect(app) as client:
        answer = await client.post("/things/guarded/", content=body(), headers={"Content-Type": "application/json"})
    assert (answer.status_code, read) == (401, [])
    assert answer.json()["code"] == "NOT_SIGNED_IN"


@pytest.mark.parametrize("body", [b"{nonsense", b"", b"\xff\xfe", b'{"name": "x"}'])
@pytest.mark.parametrize("kind", ["application/json", "application/x-www-form-urlencoded", "text/plain"])
async def test_an_anonymous_caller_learns_nothing_about_the_body(
    client: httpx.AsyncClient, sign_in: SignIn, body: bytes, kind: str
) -> None:
    answer = await client.post("/things/guarded/", content=body, headers={"Content-Type": kind})
    assert answer.status_code == 401
    sign_in()
    answer = await client.post("/things/guarded/", content=body, headers={"Content-Type": kind})
    assert answer.status_code in {201, 400, 422}


LIMIT = 1024 * 1024
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
JSON = {"Content-Type": "application/json"}


async def chunks(size: int, first: bytes) -> AsyncIterator[bytes]:
    yield first
    for _ in range(0, size, 65536):
        yield b"x" * 65536


@pytest.mark.parametrize("kind", [FORM, JSON])
@pytest.mark.parametrize("declared", [True, False])
async def test_a_body_that_is_too_large_is_refused_in_our_shape(
    client: httpx.AsyncClient, kind: dict[str, str], declared: bool
) -> None:
    body = b"x" * (LIMIT + 1) if declared else chunks(LIMIT, b"name=")
    answer = await client.post("/things/create/", content=body, headers=kind)
    assert (answer.status_code, answer.json()["code"]) == (413, "TOO_LARGE")


async def test_a_body_as_large_as_allowed_is_read(client: httpx.AsyncClient) -> None:
    body = b'{"name": "%s"}' % (b"x" * (LIMIT - 12))
    assert len(body) == LIMIT
    assert (await client.post("/things/create/", content=body, headers=JSON)).status_code == 201
    page = await client.post("/things/create/", content=body + b" ", headers={**JSON, **PAGE})
    assert page.status_code == 413
    assert "too large" in page.text


async def test_a_declared_length_is_judged_before_anything_is_read(client: httpx.AsyncClient) -> None:
    answer = await client.post("/things/create/", content=b"{}", headers={**JSON, "Content-Length": str(LIMIT + 1)})
    assert answer.status_code == 413
    answer = await client.post("/things/create/", content=b'{"name": "x"}', headers={**JSON, "Content-Length": "no"})
    assert answer.status_code == 201


async def test_only_an_endpoint_that_takes_files_takes_more(client: httpx.AsyncClient) -> None:
    answer = await client.post("/things/upload/", files={"file": b"x" * (LIMIT + 1)})
    assert (answer.status_code, answer.json()) == (200, LIMIT + 1)
    answer = await client.post("/things/upload/", files={"file": b"x" * 2_000_000})
    assert (answer.status_code, answer.json()["code"]) == (413, "TOO_LARGE")


def test_path_parameters_are_uuids(app: FastAPI) -> None:
    tree = app.state.tree
    assert isinstance(tree, Tree)
    found = tree.find(f"/things/{ID}/parts/")
    assert found is not None
    assert found[1] == {"thing_id": UUID(ID)}

"""The session is looked up once a request, before anything else, whatever the request is for."""

from collections.abc import Iterator

import httpx
import pytest
from fastapi import FastAPI

import assets
from authentication.middleware import SessionCheck
from authentication.sessions import LiveSession, resolve
from endpoints._tree import Operation, Tree
from models.enumerations import SessionKind
from models.storage.database import database
from tests.authentication.statements import counted
from tests.clients import PAGE, Person, connect

SOME_ID = "0190d3c2-7c1e-7b3a-9f6e-2b8f6d1c4a55"
OTHER_PLACES = [
    ("GET", "/no/such/page/"),
    ("POST", "/no/such/page/"),
    ("GET", "/projects"),  # a slash is missing
    ("DELETE", "/account/"),  # a method is not served
    ("OPTIONS", "/account/"),
    ("HEAD", "/account/"),
    ("GET", "/openapi.json"),
    ("GET", "/%00"),
]


def operations(app: FastAPI) -> Iterator[Operation]:
    tree: Tree = app.state.tree
    yield from tree.operations


def every_place(app: FastAPI) -> list[tuple[str, str]]:
    """Method and path of every operation and of what is none; signing out last, as it ends the session."""
    served = [(method, found) for found in operations(app) for method in found.methods]
    urls = [
        (method, found.url.format_map(dict.fromkeys(found.route.param_convertors, SOME_ID))) for method, found in served
    ]
    return sorted([*urls, *OTHER_PLACES], key=lambda place: "logout" in place[1])


def lookups(sent: list[str]) -> list[int]:
    """At which places among the statements a session was looked for."""
    return [place for place, statement in enumerate(sent) if "token_hash" in statement]


@pytest.mark.parametrize("face", [{}, PAGE])
async def test_one_lookup_before_anything_else_on_every_route(
    app: FastAPI, administrator: Person, face: dict[str, str]
) -> None:
    places = every_place(app)
    assert len(places) > 30
    for method, path in places:
        with counted() as sent:
            await administrator.client.request(method, path, headers=face)
        assert lookups(sent) == [0], f"{method} {path}: {sent}"


async def test_no_lookup_for_what_is_anybodys(administrator: Person) -> None:
    for path in (assets.url("app.css"), "/assets/app.css", "/assets/"):
        with counted() as sent:
            await administrator.client.get(path)
        assert sent == [], path


async def test_no_lookup_without_a_cookie(app: FastAPI, client: httpx.AsyncClient) -> None:
    for method, path in every_place(app):
        with counted() as sent:
            await client.request(method, path)
        assert lookups(sent) == [], f"{method} {path}: {sent}"


async def test_the_lookup_is_all_that_a_request_without_data_costs(administrator: Person) -> None:
    for path in ("/account/", "/no/such/page/", "/projects"):
        with counted() as sent:
            await administrator.client.get(path)
        assert len(sent) == 1, path


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_the_lookup_uses_the_index(app: FastAPI, owner: Person) -> None:
    """PostgreSQL has the same one, but reads a table of one row without it."""
    with counted() as sent:
        await resolve(app.state.sessions, b"\0" * 32, SessionKind.BROWSER)
    async with database.connection() as connection:
        plan = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sent[0]}", tuple(["x"] * sent[0].count("?")))
        steps = [row.detail for row in plan]
    assert steps[0].startswith("SEARCH sessions USING INDEX sqlite_autoindex_sessions"), steps
    assert not any(step.startswith("SCAN") for step in steps), steps


class Inner:
    """Stands for the rest of the application and keeps what it was called with."""

    def __init__(self) -> None:
        self.scope: dict[str, object] = {}

    async def __call__(self, scope: dict[str, object], _receive: object, _send: object) -> None:
        self.scope = scope


async def what_is_left(app: FastAPI, *cookies: str) -> dict[str, object]:
    inner = Inner()
    scope = {"type": "http", "scheme": "http", "path": "/", "headers": [(b"cookie", one.encode()) for one in cookies]}
    await SessionCheck(inner, app.state.sessions)(scope, None, None)  # type: ignore[arg-type]
    return inner.scope


async def test_what_it_leaves_for_a_live_session(app: FastAPI, administrator: Person) -> None:
    scope = await what_is_left(app, f"turva_session={administrator.client.cookies['turva_session']}")
    session = scope["session"]
    assert isinstance(session, LiveSession)
    assert session.user.id == administrator.id
    assert scope["user"] is session.user
    assert scope["auth"] == {"signed in", "whole", "recent", "verified", "administrator"}


@pytest.mark.parametrize("cookies", [[], ["turva_session=garbage"]])
async def test_what_it_leaves_without_one(app: FastAPI, cookies: list[str]) -> None:
    scope = await what_is_left(app, *cookies)
    assert (scope["session"], scope["user"], scope["auth"]) == (None, None, frozenset())


async def test_what_a_client_puts_into_its_request_is_not_believed(app: FastAPI) -> None:
    headers = {"user": "x", "auth": "administrator", "x-user": "x", "authorization": "Bearer x"}
    async with connect(app) as client:
        assert (await client.get("/account/", headers=headers)).status_code == 401

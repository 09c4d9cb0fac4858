"""Every operation admits the tokens that docs/authentication.md says, and no token does more than its person."""

import functools
from collections.abc import Set as AbstractSet
from pathlib import Path

import pytest
from fastapi import FastAPI

import authentication
from authentication.scopes import NEEDED
from endpoints._tree import Operation
from middleware.cross_site import SAFE_METHODS
from models.enumerations import Role, TokenScope, Visibility
from tests.authentication import stored
from tests.authentication.stage import Kind, Stage, operations, staged
from tests.authentication.test_access import cells
from tests.clients import Person, SignUp
from tests.tokens import CREATE, make, program

DOCUMENT = Path(authentication.__file__).parent.parent / "docs" / "authentication.md"
OWNER = Kind(role=Role.OWNER, administrator=True)
ALL = frozenset(TokenScope)
OF_OTHERS = {
    ("GET", "/account/"): ALL,
    ("POST", "/auth/logout/"): ALL,
    ("GET", "/projects/"): {TokenScope.READ},
    ("GET", "/my_work/"): {TokenScope.READ},
}
"""What is said on a handler."""


@functools.cache
def documented() -> dict[str, tuple[frozenset[TokenScope], frozenset[TokenScope]]]:
    """The scopes of the document: what is required, then what reads need, then what changes need."""
    lines = iter(DOCUMENT.read_text("utf-8").splitlines())
    next(line for line in lines if line.startswith("| What an endpoint requires |"))
    next(lines)
    found = {}
    for line in lines:
        if not line.startswith("| "):
            break
        names, safe, unsafe = cells(line)
        for name in names.split(", "):
            found[name.strip("`")] = (scopes(safe), scopes(unsafe))
    return found


def scopes(cell: str) -> frozenset[TokenScope]:
    return ALL if cell == "any" else frozenset() if cell == "-" else frozenset({TokenScope(cell.strip("`"))})


def test_the_document_tells_what_the_code_does() -> None:
    assert documented() == {name: tuple(needed) for name, needed in NEEDED.items()}


def expected(found: Operation, method: str) -> AbstractSet[TokenScope]:
    if (method, found.url) in OF_OTHERS:
        return OF_OTHERS[method, found.url]
    if found.access.recent or found.url.startswith("/account/"):
        return set()
    safe, unsafe = documented().get(found.access.name, (frozenset(), frozenset()))
    return safe if method in SAFE_METHODS else unsafe


async def of_caller(stage: Stage, scope: TokenScope) -> str:
    await stage.sign_in()
    assert stage.user_id is not None
    return str((await make(Person(stage.user_id, "caller@example.org", stage.client), scope))["token"])


@pytest.mark.parametrize("scope", TokenScope)
async def test_every_operation_with(app: FastAPI, scope: TokenScope) -> None:
    """By a person who may do everything, so that a refusal is the token's."""
    problems, calls = [], 0
    async with staged(app, OWNER) as stage:
        token = await of_caller(stage, scope)
        for found in operations(app):
            for method in found.methods:
                mine = await stored.sessions_of(stage.user_id) if stage.user_id else []
                asked = found.route.param_convertors
                path = found.url.format_map(await stage.parameters(Visibility.PRIVATE, mine[0]["id"], only=asked))
                before = await stored.written()
                async with program(app, token) as client:
                    answer = await client.request(method, path, json=None if method == "GET" else {})
                refused = answer.status_code == 403 and answer.json()["code"] == "INSUFFICIENT_SCOPE"
                if refused is (scope in expected(found, method)):
                    problems.append(f"{method} {found.url}: {answer.status_code} {answer.text}")
                if refused and await stored.written() != before:
                    problems.append(f"{method} {found.url} was refused and left a trace")
                if answer.status_code == 204:  # the token signed itself out, or was revoked
                    token = await of_caller(stage, scope)
                calls += 1
    assert calls > 40
    assert not problems


@pytest.mark.parametrize("path", [CREATE, "/account/sessions/revoke/", "/account/confirm/", "/auth/login/"])
async def test_no_token_touches_accounts(app: FastAPI, administrator: Person, path: str) -> None:
    token = (await make(administrator, *TokenScope))["token"]
    body = {"label": "Another", "scopes": ["read"], "all": True, "password": "x", "email_address": "x"}
    async with program(app, token) as client:
        answer = await client.post(path, json=body)
    assert (answer.status_code, answer.json()["detail"]) == (403, "No token may: sign in to do it.")
    assert answer.headers["www-authenticate"] == 'Bearer error="insufficient_scope"'


async def test_no_more_than_the_person_may_now(app: FastAPI, administrator: Person) -> None:
    """OWASP ASVS 5.0, 8.3.2: what is taken from the person is taken from the token."""
    token = (await make(administrator, "ops"))["token"]
    async with program(app, token) as client:
        assert (await client.get("/ops/sessions/")).status_code == 200
        await stored.set_user(administrator.id, is_administrator=False)
        assert (await client.get("/ops/sessions/")).json()["code"] == "NOT_ALLOWED"


async def test_a_token_has_proved_what_its_session_proved(app: FastAPI, sign_up: SignUp) -> None:
    ada = await sign_up("ada")
    token = (await make(ada, "read"))["token"]
    await stored.set_user(ada.id, needs_second_factor=True)
    async with program(app, token) as client:
        assert (await client.get("/projects/")).json()["code"] == "SECOND_FACTOR_REQUIRED"


async def test_the_description_says_so(app: FastAPI) -> None:
    paths = app.openapi()["paths"]
    assert paths["/projects/create/"]["post"]["x-token-scopes"] == ["write"]
    assert paths["/projects/create/"]["post"]["security"] == [{"session": []}, {"token": []}]
    assert paths[CREATE]["post"]["security"] == [{"session": []}]
    assert app.openapi()["components"]["securitySchemes"]["token"]["scheme"] == "bearer"

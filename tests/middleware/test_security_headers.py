"""Headers that protect the browser are on every answer, whoever made it."""

import httpx
import pytest
from fastapi import FastAPI

from middleware.security_headers import HEADERS, STRICT_TRANSPORT_SECURITY, SecurityHeaders
from tests.clients import PAGE, connect
from tests.middleware.requests import ask, fine
from tests.trees import Grow, endpoint

TREE = {
    "x.py": endpoint(),
    "broken.py": endpoint("@router.get('/')\n@requires(public)\nasync def broken() -> str:\n    raise KeyError\n"),
    "guarded.py": endpoint("@router.get('/')\n@requires(signed_in)\nasync def guarded() -> str:\n    return ''\n"),
}


@pytest.fixture
def app(grow: Grow) -> FastAPI:
    return grow(TREE)


@pytest.mark.parametrize("face", [{}, PAGE])
@pytest.mark.parametrize(
    ("asked", "headers", "status"),
    [
        ("GET /x/", {}, 200),
        ("HEAD /x/", {}, 200),
        ("GET /x", {}, 308),
        ("GET /nothing/", {}, 404),
        ("GET /assets/0/nothing.css", {}, 404),
        ("POST /x/", {}, 405),
        ("GET /broken/", {}, 500),
        ("POST /x/", {"Sec-Fetch-Site": "cross-site"}, 403),
        ("GET /x/", {"Host": "evil.example"}, 400),
        ("GET /openapi.json", {}, 200),
    ],
)
async def test_every_answer_has_them(
    app: FastAPI, face: dict[str, str], asked: str, headers: dict[str, str], status: int
) -> None:
    async with connect(app) as client:
        answer = await client.request(*asked.split(), headers={**headers, **face})
    assert answer.status_code == status
    assert_protected(answer)


@pytest.mark.parametrize(("face", "status"), [({}, 401), (PAGE, 303)])
async def test_who_is_not_signed_in_is_protected_too(app: FastAPI, face: dict[str, str], status: int) -> None:
    async with connect(app) as client:
        answer = await client.get("/guarded/", headers=face)
    assert answer.status_code == status
    assert_protected(answer)


def assert_protected(answer: httpx.Response) -> None:
    assert {name: answer.headers.get_list(name) for name in HEADERS} == {
        name: [value] for name, value in HEADERS.items()
    }
    assert answer.headers["x-request-id"]
    assert "server" not in answer.headers


async def test_the_policy_trusts_nothing_inline_and_nobody_else() -> None:
    policy = (await ask(SecurityHeaders(fine))).headers["content-security-policy"]
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == "'self'"
    assert rules["object-src"] == rules["base-uri"] == rules["frame-ancestors"] == "'none'"
    assert "unsafe" not in policy
    assert "*" not in policy


@pytest.mark.parametrize(
    ("url", "expected"), [("https://localhost", STRICT_TRANSPORT_SECURITY), ("http://localhost", None)]
)
async def test_only_https_is_asked_for_from_now_on(app: FastAPI, url: str, expected: str | None) -> None:
    """Over http browsers ignore it, and on one person's machine it would lock them out."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=url) as client:
        for path in ("/x/", "/nothing/", "/broken/"):
            assert (await client.get(path)).headers.get("strict-transport-security") == expected


async def test_assets_may_be_kept_and_pages_may_not(app: FastAPI) -> None:
    async with connect(app) as client:
        page = await client.get("/nothing/", headers=PAGE)
        style = page.text.partition('rel="stylesheet" href="')[2].partition('"')[0]
        asset = await client.get(style)
    assert (asset.status_code, "immutable" in asset.headers["cache-control"]) == (200, True)
    assert page.headers["cache-control"] == "no-store"

"""Pages of other origins read answers only where TRUSTED_ORIGINS names them (OWASP ASVS 5.0, 3.4.2)."""

import httpx
import pytest
from fastapi import FastAPI

from tests.clients import connect
from tests.trees import Grow, endpoint

TRUSTED = "https://safety.example.org"
ALLOW = "access-control-allow-origin"
TREE = {
    "x.py": endpoint(),
    "broken.py": endpoint("@router.get('/')\n@requires(public)\nasync def broken() -> str:\n    raise KeyError\n"),
}


@pytest.fixture
def app(grow: Grow) -> FastAPI:
    return grow(TREE, TRUSTED_ORIGINS=TRUSTED)


async def ask(app: FastAPI, method: str, path: str, **headers: str) -> httpx.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    async with connect(app) as client:
        return await client.request(method, path, headers=named)


@pytest.mark.parametrize(("path", "status"), [("/x/", 200), ("/nothing/", 404), ("/broken/", 500)])
async def test_a_listed_origin_may_read_every_answer_with_credentials(app: FastAPI, path: str, status: int) -> None:
    answer = await ask(app, "GET", path, origin=TRUSTED)
    assert answer.status_code == status
    assert answer.headers[ALLOW] == TRUSTED
    assert answer.headers["access-control-allow-credentials"] == "true"
    assert "origin" in answer.headers["vary"].lower()


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", TRUSTED + ".evil.example", "http://safety.example.org"]
)
async def test_no_other_origin_may(app: FastAPI, origin: str) -> None:
    assert ALLOW not in (await ask(app, "GET", "/x/", origin=origin)).headers
    asked = await ask(app, "OPTIONS", "/x/", origin=origin, access_control_request_method="POST")
    assert asked.status_code == 400
    assert ALLOW not in asked.headers


async def test_a_listed_origin_may_ask_first(app: FastAPI) -> None:
    headers = {"access_control_request_method": "POST", "access_control_request_headers": "authorization,content-type"}
    answer = await ask(app, "OPTIONS", "/x/", origin=TRUSTED, **headers)
    assert answer.status_code == 200
    assert answer.headers[ALLOW] == TRUSTED


async def test_nobody_may_when_none_is_listed(grow: Grow) -> None:
    app = grow(TREE)
    answer = await ask(app, "GET", "/x/", origin=TRUSTED)
    assert not [name for name in answer.headers if name.startswith("access-control")]

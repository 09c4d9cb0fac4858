"""Errors leave in one shape, in the face that was asked for, and never repeat what was sent."""

from collections.abc import AsyncIterator
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from fastapi import FastAPI

import errors
from authentication import sessions
from endpoints._accept import VARY
from errors import TurvaError
from tests.clients import PAGE, connect
from tests.trees import Grow, SignIn, endpoint

HTMX = {**PAGE, "HX-Request": "true"}
SECRET = "hunter2"
RAISE = """
import errors
from fastapi import HTTPException

class Body(_fields.Request):
    name: _fields.RequiredLine

@router.get("/")
@requires(public)
async def fail(kind: str, retry: int = 5) -> str:
    if kind == "http":
        raise HTTPException(retry, "hunter2", headers={"X-Why": "because"})
    if kind == "validation":
        return 7
    if kind == "python":
        raise KeyError("hunter2")
    if kind == "Unavailable":
        raise errors.Unavailable(retry_after=retry)
    raise getattr(errors, kind)()

@router.post("/")
@requires(public)
async def send(body: Body) -> str:
    return "sent"
"""
GUARDED = """
@router.get("/")
@requires(signed_in)
async def guarded() -> dict[str, str]:
    return {"url": "/guarded/"}

@router.post("/")
@requires(verified)
async def change() -> dict[str, str]:
    return {"url": "/guarded/"}
"""
TREE = {
    "fail.py": endpoint(RAISE),
    "guarded.py": endpoint(GUARDED),
    "guarded.html": "guarded",
    "sensitive.py": endpoint(
        GUARDED.replace("signed_in)", "signed_in, recent=True)").replace("verified)", "verified, recent=True)")
    ),
    "changed.py": endpoint(GUARDED.replace("get", "put")),
}
KINDS = [name for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, TurvaError)]

LED_ELSEWHERE = {"NotSignedIn", "NotRecent", "FactorMissing"}
"""A browser that reads is sent to the page where it can be put right."""


@pytest.fixture
def app(grow: Grow) -> FastAPI:
    return grow(TREE)


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with connect(app) as opened:
        yield opened


def test_there_are_errors() -> None:
    assert {"TurvaError", "NotFound", "Conflict", "Unavailable", "Invalid"} <= set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
async def test_every_error_of_the_domain_has_the_one_shape(client: httpx.AsyncClient, kind: str) -> None:
    error = getattr(errors, kind)
    answer = await client.get(f"/fail/?kind={kind}")
    assert answer.status_code == error.status
    assert answer.json() == {
        "detail": error.detail,
        "title": error.title,
        "statusCode": str(error.status),
        "code": error.code,
    }
    assert answer.headers.get_list("vary") == [VARY]


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in LED_ELSEWHERE])
async def test_every_error_of_the_domain_has_a_page(client: httpx.AsyncClient, kind: str) -> None:
    error = getattr(errors, kind)
    answer = await client.get(f"/fail/?kind={kind}", headers=PAGE)
    assert (answer.status_code, answer.headers["content-type"]) == (error.status, "text/html; charset=utf-8")
    assert f"<title>{error.title}" in answer.text
    assert error.detail in answer.text
    assert answer.headers.get_list("vary") == [VARY]


@pytest.mark.parametrize("face", [{}, PAGE])
async def test_headers_of_an_error_are_sent(client: httpx.AsyncClient, face: dict[str, str]) -> None:
    answer = await client.get("/fail/?kind=Unavailable&retry=17", headers=face)
    assert answer.headers["retry-after"] == "17"


@pytest.mark.parametrize(
    ("status", "code"),
    [(400, "BAD_REQUEST"), (404, "NOT_FOUND"), (405, "METHOD_NOT_ALLOWED"), (413, "TOO_LARGE"), (418, "HTTP_418")],
)
@pytest.mark.parametrize("face", [{}, PAGE])
async def test_errors_of_the_framework_are_put_in_our_words(
    client: httpx.AsyncClient, status: int, code: str, face: dict[str, str]
) -> None:
    answer = await client.get(f"/fail/?kind=http&retry={status}", headers=face)
    assert (answer.status_code, answer.headers["x-why"]) == (status, "because")
    assert SECRET not in answer.text
    if not face:
        assert (answer.json()["code"], answer.json()["statusCode"]) == (code, str(status))


@pytest.mark.parametrize("kind", ["python", "validation"])
@pytest.mark.parametrize("face", [{}, PAGE])
async def test_an_unforeseen_error_tells_only_where_it_is_recorded(
    client: httpx.AsyncClient, kind: str, face: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    answer = await client.get(f"/fail/?kind={kind}", headers=face)
    assert answer.status_code == 500
    assert answer.headers["x-request-id"] in answer.text
    assert SECRET not in answer.text
    assert "Traceback" not in answer.text
    assert caplog.records[-1].exc_info


@pytest.mark.parametrize(
    ("sent", "problems"),
    [
        (b'{"name": ""}', [("name", "Enter a name")]),
        (b'{"name": "x", "password": "hunter2"}', [("password", "Password is not known here; leave it out")]),
        (b'{"name": ["hunter2"]}', [("name", "Name must be text")]),
        (b'["hunter2"]', [("", "Body must be a JSON object")]),
        (b'"hunter2"', [("", "Body must be a JSON object")]),
        (b"hunter2", [("", "The body must be valid JSON")]),
        (b'{"name": "hunter2"', [("", "The body must be valid JSON")]),
        (b"", [("", "Body must be a JSON object")]),
    ],
)
async def test_a_refused_body_is_explained_and_not_repeated(
    client: httpx.AsyncClient, sent: bytes, problems: list[tuple[str, str]]
) -> None:
    answer = await client.post("/fail/", content=sent, headers={"Content-Type": "application/json"})
    assert answer.status_code == 422
    assert [(problem["field"], problem["message"]) for problem in answer.json()["errors"]] == problems
    assert SECRET not in answer.text


@pytest.mark.parametrize(
    "sent", [b'{"name": "\xff"}', b"[" * 100_000, b'{"name": %s}' % (b"9" * 5000)], ids=["bytes", "deep", "long number"]
)
async def test_a_body_that_no_reader_can_take_is_a_bad_request(client: httpx.AsyncClient, sent: bytes) -> None:
    answer = await client.post("/fail/", content=sent, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (400, "BAD_REQUEST")


@pytest.mark.parametrize("kind", ["text/plain", "", "application/jsonx", "image/png"])
async def test_json_must_call_itself_json(client: httpx.AsyncClient, kind: str) -> None:
    """Else a page of another site could send it as a simple request, without asking (CORS)."""
    answer = await client.post("/fail/", content=b'{"name": "x"}', headers={"Content-Type": kind} if kind else {})
    assert (answer.status_code, answer.json()["errors"][0]["message"]) == (422, "Body must be a JSON object")


@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_a_page_asks_to_sign_in_and_leads_back(client: httpx.AsyncClient, method: str) -> None:
    answer = await client.request(method, "/guarded/?search=caf%C3%A9&page=2", headers=PAGE)
    assert answer.status_code == 303
    assert where(answer.headers["location"]) == ("/auth/login/", "/guarded/?search=caf%C3%A9&page=2")
    assert answer.headers.get_list("vary") == [VARY]


def where(location: str) -> tuple[str, str | None]:
    """The path of a redirect, and the `next` in its query."""
    parts = urlsplit(location)
    return parts.path, parse_qs(parts.query).get("next", [None])[0]


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_htmx_is_told_where_to_sign_in(client: httpx.AsyncClient, method: str) -> None:
    answer = await client.request(method, "/guarded/?page=2", headers=HTMX)
    assert answer.status_code == 401
    assert where(answer.headers["hx-redirect"]) == ("/auth/login/", "/guarded/?page=2")
    assert "location" not in answer.headers


async def test_signing_in_does_not_lead_to_what_only_takes_posts(client: httpx.AsyncClient) -> None:
    answer = await client.post("/changed/", headers=HTMX)
    assert where(answer.headers["hx-redirect"]) == ("/auth/login/", None)


async def test_a_form_of_an_ended_session_gets_a_page_and_stays_where_it_is(client: httpx.AsyncClient) -> None:
    answer = await client.post("/guarded/", data={"text": "typed"}, headers=PAGE)
    assert answer.status_code == 401
    assert 'href="/auth/login/"' in answer.text


async def test_a_program_is_told_that_it_is_not_signed_in(client: httpx.AsyncClient) -> None:
    for method in ("GET", "POST"):
        answer = await client.request(method, "/guarded/")
        assert (answer.status_code, answer.json()["code"]) == (401, "NOT_SIGNED_IN")
        assert answer.headers.get_list("vary") == [VARY]


async def test_who_may_not_is_told_so(client: httpx.AsyncClient, sign_in: SignIn) -> None:
    sign_in(is_verified=False)
    for face in ({}, PAGE):
        answer = await client.post("/guarded/", data={"text": "typed"}, headers=face)
        assert answer.status_code == 403
        assert "Verify your email address first" in answer.text


@pytest.mark.parametrize(
    ("kind", "place", "back"),
    [
        ("NotRecent", "/account/confirm/", "/fail/?kind=NotRecent"),
        ("FactorMissing", "/account/second_factor/", None),
    ],
)
async def test_who_must_prove_more_is_led_there(
    client: httpx.AsyncClient, kind: str, place: str, back: str | None
) -> None:
    answer = await client.get(f"/fail/?kind={kind}", headers=PAGE)
    assert (answer.status_code, where(answer.headers["location"])) == (303, (place, back))
    told = await client.get(f"/fail/?kind={kind}", headers=HTMX)
    assert (told.status_code, where(told.headers["hx-redirect"])) == (403, (place, back))


@pytest.mark.parametrize(
    ("referer", "back"),
    [
        ("http://localhost/guarded/?page=2", "/guarded/?page=2"),
        ("http://evil.example/guarded/", None),
        ("http://localhost//evil.example/", None),
        ("http://[", None),
        ("", None),
    ],
)
async def test_a_refused_change_leads_back_to_the_page_it_was_on(
    client: httpx.AsyncClient, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch, referer: str, back: str | None
) -> None:
    """OWASP ASVS 5.0, 7.5.1; `Referer` comes from outside, so it leads to no other site (3.7.2)."""
    sign_in()
    monkeypatch.setattr(sessions, "RECENT", timedelta(0))
    answer = await client.post("/sensitive/", headers={**PAGE, "Referer": referer})
    assert (answer.status_code, where(answer.headers["location"])) == (303, ("/account/confirm/", back))


async def test_signing_in_leads_back_below_the_prefix(grow: Grow) -> None:
    """`next` is a path of the service, which the sign-in page puts below the prefix again."""
    async with connect(grow(TREE, API_PATH="/safety")) as client:
        answer = await client.get("/safety/guarded/?page=2", headers=PAGE)
    assert where(answer.headers["location"]) == ("/safety/auth/login/", "/guarded/?page=2")


@pytest.mark.parametrize("path", ["/nothing/", "/fail"])
async def test_an_error_page_shows_nothing_of_the_address(client: httpx.AsyncClient, path: str) -> None:
    answer = await client.get(f"{path}/<script>alert(1)</script>?x=hunter2", headers=PAGE)
    assert answer.status_code == 404
    assert "alert(1)" not in answer.text
    assert SECRET not in answer.text

"""Whatever escapes becomes one answer that tells only where it is recorded; the log has the rest."""

import logging

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from authentication.middleware import SessionCheck
from endpoints import _pages
from errors import NotFound, TurvaError, Unavailable
from middleware.last_resort import LastResort
from tests.clients import PAGE, connect
from tests.middleware.requests import http
from tests.trees import Grow, endpoint

SECRET = "hunter2"
START = {"type": "http.response.start", "status": 200, "headers": []}


def raising(error: BaseException, *before: Message) -> ASGIApp:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        for message in before:
            await send(message)
        raise error

    return app


def answer(_: Request, error: TurvaError) -> Response:
    return JSONResponse(error.body(), error.status, error.headers)


async def sent_by(app: ASGIApp, how: object = answer) -> list[Message]:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    await LastResort(app, how)(http(), None, send)  # type: ignore[arg-type]
    return sent


async def test_an_unforeseen_error_is_a_500_without_its_words(caplog: pytest.LogCaptureFixture) -> None:
    start, body = await sent_by(raising(RuntimeError(SECRET)))
    assert start["status"] == 500
    assert b"0123" in body["body"]
    assert SECRET.encode() not in body["body"]
    (record,) = caplog.records
    assert (record.name, record.levelno) == ("turva", logging.ERROR)
    assert record.exc_info
    assert SECRET in str(record.exc_info[1])


@pytest.mark.parametrize("error", [NotFound(), Unavailable(retry_after=7)])
async def test_an_error_of_the_domain_is_answered_as_it_is(error: TurvaError, caplog: pytest.LogCaptureFixture) -> None:
    start, body = await sent_by(raising(error))
    assert start["status"] == error.status
    assert error.detail.encode() in body["body"]
    assert (b"retry-after", b"7") in start["headers"] or not error.headers
    assert caplog.records == []


async def test_an_answer_that_has_begun_is_not_begun_again(caplog: pytest.LogCaptureFixture) -> None:
    """Its client must see that it is not whole: the server closes the connection, as nothing says it ended."""
    assert await sent_by(raising(RuntimeError(SECRET), START)) == [START]
    assert len(caplog.records) == 1


async def test_a_group_of_errors_is_one_error() -> None:
    start, _ = await sent_by(raising(ExceptionGroup("several", [ValueError(SECRET)])))
    assert start["status"] == 500


async def test_being_cancelled_is_no_error() -> None:
    with pytest.raises(KeyboardInterrupt):
        await sent_by(raising(KeyboardInterrupt()))


async def test_an_answer_that_fails_too_is_made_plainly(caplog: pytest.LogCaptureFixture) -> None:
    def broken(*_: object) -> Response:
        raise KeyError(SECRET)

    start, body = await sent_by(raising(RuntimeError("first")), broken)
    assert (start["status"], dict(start["headers"])[b"content-type"]) == (500, b"application/json")
    assert SECRET.encode() not in body["body"]
    assert [type(record.exc_info[1]) for record in caplog.records if record.exc_info] == [RuntimeError, KeyError]


async def test_an_answer_that_fails_in_the_middle_is_left_there() -> None:
    def halfway(*_: object) -> object:
        return raising(KeyError(), START)

    assert await sent_by(raising(RuntimeError()), halfway) == [START]


@pytest.mark.parametrize("face", [{}, PAGE])
async def test_even_a_broken_error_page_is_protected(
    grow: Grow, monkeypatch: pytest.MonkeyPatch, face: dict[str, str]
) -> None:
    app = grow({"x.py": endpoint()})
    monkeypatch.setattr(_pages.environment, "get_template", lambda _: 1 / 0)
    monkeypatch.setattr("endpoints._tree.Tree.find", lambda *_: 1 / 0)
    async with connect(app) as client:
        answered = await client.get("/x/", headers=face)
    assert (answered.status_code, answered.json()["code"]) == (500, "SERVER_ERROR")
    assert answered.headers["x-request-id"] in answered.text
    assert "content-security-policy" in answered.headers


@pytest.mark.parametrize("face", [{}, PAGE])
async def test_a_database_that_does_not_answer_is_a_503(
    grow: Grow, monkeypatch: pytest.MonkeyPatch, face: dict[str, str]
) -> None:
    """Nothing is known about the session then, so the caller is neither signed in nor signed out."""

    async def unavailable(*_: object) -> None:
        raise Unavailable(retry_after=3)

    monkeypatch.setattr(SessionCheck, "_session", unavailable)
    async with connect(grow({"x.py": endpoint()})) as client:
        answered: httpx.Response = await client.get("/x/", headers=face)
    assert (answered.status_code, answered.headers["retry-after"]) == (503, "3")
    assert "set-cookie" not in answered.headers
    assert "location" not in answered.headers
    assert "content-security-policy" in answered.headers


async def test_what_is_no_request_is_left_to_the_server() -> None:
    with pytest.raises(RuntimeError):
        await LastResort(raising(RuntimeError()), answer)({"type": "lifespan"}, None, None)  # type: ignore[arg-type]

"""Every request has an identity of our own making, on its answer, in its log lines and in nobody else's."""

import asyncio
import logging
import re

import pytest
from starlette.types import Message, Receive, Scope, Send

from middleware.request_id import RequestId, RequestIdFilter
from tests.middleware.requests import ask


class Echo:
    """Notes in the log who is asking, twice, while others ask too."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, str]] = []

    async def __call__(self, scope: Scope, _: Receive, send: Send) -> None:
        before = noted()
        await asyncio.sleep(0)
        self.seen.append((before, noted()))
        await send(
            {"type": "http.response.start", "status": 200, "headers": [(b"x-scope", scope["request_id"].encode())]}
        )
        await send({"type": "http.response.body", "body": b""})


def noted() -> str:
    record = logging.LogRecord("turva", logging.INFO, "", 0, "", (), None)
    assert RequestIdFilter().filter(record)
    identity: str = vars(record)["request_id"]
    return identity


async def test_the_answer_the_scope_and_the_log_have_the_same_identity() -> None:
    echo = Echo()
    answer = await ask(RequestId(echo))
    identity = answer.headers["x-request-id"]
    assert re.fullmatch("[0-9a-f]{32}", identity)
    assert answer.headers["x-scope"] == identity
    assert echo.seen == [(identity, identity)]


async def test_one_that_a_client_sends_is_not_believed() -> None:
    answer = await ask(RequestId(Echo()), headers={"X-Request-ID": "forged\nline"})
    assert re.fullmatch("[0-9a-f]{32}", answer.headers["x-request-id"])


async def test_requests_at_the_same_time_keep_their_own() -> None:
    echo = Echo()
    app = RequestId(echo)
    answers = await asyncio.gather(*(ask(app) for _ in range(20)))
    assert len({answer.headers["x-request-id"] for answer in answers}) == 20
    assert all(before == after for before, after in echo.seen)


async def test_outside_a_request_there_is_none() -> None:
    await ask(RequestId(Echo()))
    assert noted() == "-"


async def test_it_is_gone_after_an_error() -> None:
    async def broken(*_: object) -> None:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        await ask(RequestId(broken))
    assert noted() == "-"


async def test_what_is_no_request_passes_through() -> None:
    passed: list[Message] = []

    async def app(scope: Scope, _: Receive, __: Send) -> None:
        passed.append(dict(scope))

    await RequestId(app)({"type": "lifespan"}, None, None)  # type: ignore[arg-type]
    assert "request_id" not in passed[0]

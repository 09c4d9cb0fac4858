"""One line a request, which holds no secret and which nobody can forge."""

import logging
import re

import pytest
from starlette.types import Receive, Scope, Send

from middleware.access_log import AccessLog
from tests.clients import connect
from tests.middleware.requests import ask, fine, http
from tests.trees import Grow, endpoint


@pytest.fixture(autouse=True)
def lines_are_kept(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "turva.access")


async def test_a_line_says_what_was_asked_and_answered(caplog: pytest.LogCaptureFixture) -> None:
    await ask(AccessLog(fine), path="/projects/")
    (line,) = caplog.messages
    assert re.fullmatch(r"GET /projects/ 200 \d+\.\d ms", line)


async def test_no_query_body_cookie_or_header_is_written(caplog: pytest.LogCaptureFixture) -> None:
    headers = {"Cookie": "turva_session=hunter2", "Authorization": "Bearer hunter2", "User-Agent": "hunter2"}
    await ask(AccessLog(fine), "POST", "/x/?token=hunter2", headers=headers, content=b"hunter2")
    assert len(caplog.messages) == 1
    assert "hunter2" not in caplog.messages[0]


@pytest.mark.parametrize(
    ("path", "written"),
    [
        ("/a\nGET /forged/ 200 0.1 ms", "/a%0AGET%20/forged/%20200%200.1%20ms"),
        ("/a\r\nb", "/a%0D%0Ab"),
        ("/\x1b[31mred", "/%1B%5B31mred"),
        ("/caf\u00e9/\u202e", "/caf%C3%A9/%E2%80%AE"),
        ("/\ud800", "/%3F"),
        ("/%0A", "/%250A"),
        ("/\0", "/%00"),
    ],
)
async def test_a_line_stays_one_line(path: str, written: str, caplog: pytest.LogCaptureFixture) -> None:
    async def nothing(*_: object) -> None: ...

    await AccessLog(nothing)(http(path=path), None, None)  # type: ignore[arg-type]
    (line,) = caplog.messages
    assert line.startswith(f"GET {written} no answer ")


async def test_a_request_without_an_answer_is_written_too(caplog: pytest.LogCaptureFixture) -> None:
    async def broken(scope: Scope, receive: Receive, send: Send) -> None:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        await ask(AccessLog(broken))
    assert "GET / no answer" in caplog.messages[0]


async def test_what_is_no_request_is_not_written(caplog: pytest.LogCaptureFixture) -> None:
    async def nothing(*_: object) -> None: ...

    await AccessLog(nothing)({"type": "lifespan"}, None, None)  # type: ignore[arg-type]
    assert caplog.messages == []


@pytest.mark.parametrize(("setting", "count"), [("true", 2), ("false", 0)])
async def test_the_setting_turns_it_off(grow: Grow, caplog: pytest.LogCaptureFixture, setting: str, count: int) -> None:
    async with connect(grow({"x.py": endpoint()}, ACCESS_LOG=setting)) as client:
        await client.get("/x/")
        await client.get("/nothing/")
    assert len([record for record in caplog.records if record.name == "turva.access"]) == count

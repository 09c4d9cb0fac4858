"""A file goes to members only, as a download that no browser runs, and never as another content than was stored."""

import logging
from pathlib import Path
from typing import Any

import httpx
import pytest

from config import Settings
from models.enumerations import Role
from models.evidence.evidence_store import CHUNK, place
from models.storage.columns import new_id
from tests.clients import PAGE, Person
from tests.drawn import a_picture
from tests.endpoints.projects.conftest import Join
from tests.endpoints.projects.project_id.evidence.sending import TEXT, added
from tests.servers import served

LARGE = b"All is well.\n" * (3 * CHUNK // 13)


def where(settings: Settings, piece: dict[str, Any]) -> Path:
    return Path(settings.EVIDENCE_STORE) / place(piece["sha256"])


async def test_a_download(owner: Person, project: str) -> None:
    piece = await added(owner, project)
    answer = await owner.client.get(piece["file"], headers=PAGE)
    assert (answer.status_code, answer.content) == (200, TEXT)
    given = {name: answer.headers[name] for name in answer.headers if name not in {"vary", "x-request-id"}}
    assert given == {
        "cache-control": "private, no-cache",
        "content-disposition": "attachment; filename=\"load test.txt\"; filename*=UTF-8''load%20test.txt",
        "content-length": str(len(TEXT)),
        "content-security-policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
        "content-type": "text/plain; charset=utf-8",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "etag": f'"{piece["sha256"]}"',
        "referrer-policy": "same-origin",
        "x-content-type-options": "nosniff",
    }


async def test_names_that_a_header_cannot_hold(owner: Person, project: str) -> None:
    piece = await added(owner, project, {"file": ("r\u00e9's\u00fcm;%41.png", a_picture())})
    answer = await owner.client.get(piece["file"])
    assert answer.headers["content-disposition"] == (
        "attachment; filename=\"r_'s_m;_41.png\"; filename*=UTF-8''r%C3%A9%27s%C3%BCm%3B%2541.png"
    )


async def test_what_the_caller_has_and_what_only_asks(owner: Person, project: str) -> None:
    piece = await added(owner, project)
    known = await owner.client.get(piece["file"], headers={"If-None-Match": f'W/"x", "{piece["sha256"]}"'})
    assert (known.status_code, known.content) == (304, b"")
    asked = await owner.client.head(piece["file"])
    assert (asked.status_code, asked.content, asked.headers["content-length"]) == (200, b"", str(len(TEXT)))
    other = await owner.client.get(piece["file"], headers={"If-None-Match": '"another"'})
    assert other.content == TEXT


async def test_a_file_in_many_pieces(owner: Person, project: str) -> None:
    piece = await added(owner, project, {"file": ("log.txt", LARGE)})
    assert (await owner.client.get(piece["file"])).content == LARGE


@pytest.mark.parametrize("content", [None, TEXT[:-1], TEXT[:-1] + b"?"], ids=["missing", "short", "other"])
async def test_never_another_content(
    owner: Person,
    project: str,
    settings: Settings,
    caplog: pytest.LogCaptureFixture,
    content: bytes | None,
) -> None:
    piece = await added(owner, project)
    path = where(settings, piece)
    path.unlink() if content is None else path.write_bytes(content)
    with caplog.at_level(logging.ERROR, "models.evidence.evidence_store"):
        answer = await owner.client.get(piece["file"])
    assert (answer.status_code, answer.json()["code"]) == (503, "UNAVAILABLE")
    assert "Its record is as it was" in answer.json()["detail"]
    assert [piece["sha256"] in message for message in caplog.messages] == [True]


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_a_large_file_that_is_wrong_is_broken_off(
    owner: Person, project: str, settings: Settings, database_url: str
) -> None:
    piece = await added(owner, project, {"file": ("log.txt", LARGE)})
    where(settings, piece).write_bytes(LARGE[:-1] + b"?")
    received = 0
    with served(database_url, EVIDENCE_STORE=settings.EVIDENCE_STORE) as url:
        async with httpx.AsyncClient(base_url=url, cookies=dict(owner.client.cookies)) as client:
            with pytest.raises(httpx.RemoteProtocolError, match="without sending complete message body"):
                async with client.stream("GET", piece["file"]) as answer:
                    async for some in answer.aiter_bytes():
                        received += len(some)
    assert 0 < received < len(LARGE)


async def test_what_has_no_file(owner: Person, project: str, public_project: str) -> None:
    link = await added(owner, project, link="https://example.org/")
    assert (await owner.client.get(f"{link['url']}file/")).status_code == 404
    piece = await added(owner, project)
    for key in (piece["id"], new_id()):
        assert (await owner.client.get(f"{public_project}evidence/{key}/file/")).status_code == 404


async def test_every_member_may(owner: Person, project: str, join: Join) -> None:
    piece = await added(owner, project)
    for role in (Role.REVIEWER, Role.VIEWER):
        assert (await (await join(role)).client.get(piece["file"])).content == TEXT


async def test_who_else_may(
    owner: Person, project: str, public_project: str, stranger: Person, client: httpx.AsyncClient
) -> None:
    hidden, seen = await added(owner, project), await added(owner, public_project)
    statuses = [(await who.get(one["file"])).status_code for who in (stranger.client, client) for one in (hidden, seen)]
    assert statuses == [404, 403, 401, 401]
    for who in (stranger.client, client):
        page = await who.get(seen["url"], headers=PAGE)
        assert "Only members of the project may download files" in page.text
        assert seen["file"] not in page.text

"""Adding evidence: a file or a link, attached at once, or refused with the reason and nothing stored."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI

from config import Settings
from models.enumerations import Role
from models.storage.columns import new_id
from tests.authentication import stored
from tests.clients import PAGE, Person
from tests.drawn import a_picture
from tests.endpoints.projects.conftest import Join
from tests.endpoints.projects.project_id.evidence.sending import FILE, TEXT, added, close, parts_of, send
from tests.servers import served

SHA256 = hashlib.sha256(TEXT).hexdigest()


def files_in(settings: Settings) -> list[str]:
    return sorted(path.name for path in Path(settings.EVIDENCE_STORE).rglob("*") if path.is_file())


async def everything_about(person: Person, project: str) -> tuple[int, int]:
    """How many pieces there are, and how many entries history has."""
    listed = (await person.client.get(f"{project}evidence/")).json()
    return listed["pagination"]["total"], len(await stored.history())


async def test_a_file(owner: Person, project: str, settings: Settings) -> None:
    made = await added(owner, project, title="Load test of May", description="Page 3")
    told = {name: made[name] for name in ("kind", "title", "description", "file_name", "media_type", "size", "sha256")}
    assert told == {
        "kind": "file",
        "title": "Load test of May",
        "description": "Page 3",
        "file_name": "load test.txt",
        "media_type": "text/plain",
        "size": len(TEXT),
        "sha256": SHA256,
    }
    assert (made["link"], made["host"], made["created_by"], made["attached"]) == (None, None, "Owner Example", 0)
    assert (made["url"], made["file"]) == (f"{project}evidence/{made['id']}/", f"{project}evidence/{made['id']}/file/")
    assert files_in(settings) == [SHA256]
    (entry,) = await stored.history("evidence:create")
    assert entry["entity_id"] == UUID(made["id"])
    assert entry["after"] == told


async def test_a_link(owner: Person, project: str) -> None:
    made = await added(owner, project, link="https://B\u00fccher.example:8443/report?of=May#page3")
    assert (made["kind"], made["host"]) == ("link", "xn--bcher-kva.example:8443")
    assert made["link"] == "https://xn--bcher-kva.example:8443/report?of=May#page3"
    assert [made[name] for name in ("file", "file_name", "media_type", "size", "sha256")] == [None] * 5


async def test_it_is_about_all_that_was_chosen_at_once(owner: Person, project: str, hazard: str) -> None:
    about = await parts_of(owner, hazard)
    made = await added(owner, project, purpose="implementation", **about)
    assert made["attached"] == 3
    page = (await owner.client.get(hazard)).json()
    assert [entry["about"]["kind"] for entry in page["evidence"]] == ["hazard", "assessment", "control"]
    assert {entry["id"] for entry in page["evidence"]} == {made["id"]}
    assert page["version"] == 2
    (told,) = await stored.history("hazard:evidence")
    assert told["entity_version"] == 2
    assert told["before"] is None
    assert [entry["title"] for entry in told["after"]["evidence_links"]] == ["Load test"] * 2
    (control,) = await stored.history("control:evidence")
    assert (control["entity_id"], control["entity_version"]) == (UUID(about["controls"][0]), 2)
    assert [entry["evidence_id"] for entry in control["after"]["evidence_links"]] == [made["id"]]


async def test_two_uploads_of_one_content_share_an_object(owner: Person, project: str, settings: Settings) -> None:
    first, second = await added(owner, project), await added(owner, project, {"file": ("other.csv", TEXT)})
    assert first["sha256"] == second["sha256"]
    assert (first["media_type"], second["media_type"]) == ("text/plain", "text/csv")
    assert files_in(settings) == [SHA256]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("report.pdf", a_picture()),
        ("page.txt", b"<!doctype html><script>alert(1)</script>"),
        ("page.html", b"<p>"),
        ("empty.txt", b""),
        ("a\u202etxt.exe", b"MZ"),
    ],
)
async def test_a_file_that_is_refused_leaves_nothing(
    owner: Person, project: str, settings: Settings, name: str, content: bytes
) -> None:
    before = await everything_about(owner, project)
    answer = await send(owner, project, {"file": (name, content, "application/pdf")})
    assert answer.status_code == 422
    assert [problem["field"] for problem in answer.json()["errors"]] == ["file"]
    assert await everything_about(owner, project) == before
    assert files_in(settings) == []


@pytest.mark.parametrize(
    "link",
    [
        *("javascript:alert(1)", "ftp://example.org/", "data:text/html,x", "//example.org", "example.org", "https://"),
        *(
            "https://ada:secret@example.org/",
            "https://ada@example.org/",
            "https://exa mple.org/",
            "https://a/" + "b" * 3000,
        ),
    ],
)
async def test_a_link_that_is_refused(owner: Person, project: str, link: str) -> None:
    answer = await send(owner, project, link=link)
    assert answer.status_code == 422
    assert [problem["field"] for problem in answer.json()["errors"]] == ["link"]
    assert "secret" not in answer.text


async def test_neither_both_and_what_is_missing(owner: Person, project: str) -> None:
    for answer, field in (
        (await send(owner, project, {"file": ("", b"")}), "file"),
        (await send(owner, project, FILE, link="https://example.org/"), "file"),
        (await send(owner, project, title=""), "title"),
        (await send(owner, project, purpose="proof"), "purpose"),
        (await send(owner, project, title="a\x00b"), "title"),
        (await send(owner, project, hazards=["x"]), "hazards"),
    ):
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["field"].partition(".")[0] == field


async def test_what_is_unknown_or_of_another_project(
    owner: Person, project: str, public_project: str, hazard: str
) -> None:
    about = await parts_of(owner, hazard)
    before = await everything_about(owner, public_project)
    for name, keys in about.items():
        assert (await send(owner, public_project, **{name: keys})).status_code == 404, name
        assert (await send(owner, project, **{name: [*keys, str(new_id())]})).status_code == 404, name
    assert await everything_about(owner, public_project) == before


async def test_a_closed_hazard_takes_none(owner: Person, project: str, hazard: str) -> None:
    about = await parts_of(owner, hazard)
    await close(about["hazards"][0])
    before = await everything_about(owner, project)
    for name, chosen in about.items():
        answer = await send(owner, project, **{name: chosen})
        assert (answer.status_code, answer.json()["code"]) == (409, "HAZARD_CLOSED"), name
    assert await everything_about(owner, project) == before


async def test_a_file_that_is_too_large(owner: Person, project: str, app: FastAPI, settings: Settings) -> None:
    most = settings.EVIDENCE_MAX_BYTES
    answer = await send(owner, project, {"file": ("a.txt", b"a" * (most + 1))})
    assert (answer.status_code, answer.json()["code"]) == (413, "TOO_LARGE")
    assert files_in(settings) == []


HEAD = (
    b'--x\r\nContent-Disposition: form-data; name="title"\r\n\r\nA\r\n--x\r\nContent-Disposition: form-data; '
    b'name="purpose"\r\n\r\nsupport\r\n--x\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n'
)


async def test_the_limit_holds_in_the_middle_of_a_stream(owner: Person, project: str, settings: Settings) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        yield HEAD
        for _ in range(settings.EVIDENCE_MAX_BYTES // 500_000 * 2):
            sent += 1
            yield b"a" * 500_000

    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    answer = await owner.client.post(f"{project}evidence/create/", content=endless(), headers=headers)
    assert answer.status_code == 413
    assert files_in(settings) == []


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_a_client_that_goes_away_leaves_nothing(
    owner: Person, project: str, settings: Settings, database_url: str
) -> None:
    before = await everything_about(owner, project)
    cookies = "; ".join(f"{name}={value}" for name, value in owner.client.cookies.items())
    head = f"POST {project}evidence/create/ HTTP/1.1\r\nHost: localhost\r\nCookie: {cookies}\r\n"
    head += f"Content-Type: multipart/form-data; boundary=x\r\nContent-Length: {len(HEAD) + 5_000_000}\r\n\r\n"
    with served(database_url, EVIDENCE_STORE=settings.EVIDENCE_STORE) as url:
        reader, writer = await asyncio.open_connection("127.0.0.1", httpx.URL(url).port)
        writer.write(head.encode() + HEAD + b"a" * 2_000_000)
        await writer.drain()
        writer.close()
        await writer.wait_closed()
        assert await reader.read() == b""
    assert await everything_about(owner, project) == before
    assert files_in(settings) == []


def put_in_the_way(settings: Settings) -> None:
    """A file where the folder would be."""
    Path(settings.EVIDENCE_STORE).write_text("x")


async def test_a_store_that_fails_stores_no_row(
    owner: Person, project: str, settings: Settings, tmp_path: Path
) -> None:
    before = await everything_about(owner, project)
    put_in_the_way(settings)
    answer = await send(owner, project)
    assert (answer.status_code, answer.json()["code"]) == (503, "UNAVAILABLE")
    assert str(tmp_path) not in answer.text
    assert await everything_about(owner, project) == before


async def test_who_may(owner: Person, project: str, stranger: Person, join: Join) -> None:
    assert (await send(stranger, project)).status_code == 404
    for role, status in ((Role.CONTRIBUTOR, 201), (Role.REVIEWER, 403), (Role.VIEWER, 403)):
        assert (await send(await join(role), project)).status_code == status


async def test_the_page_offers_the_parts_of_a_hazard(owner: Person, project: str, hazard: str) -> None:
    about, here = await parts_of(owner, hazard), f"{project}evidence/create/"
    offered = (await owner.client.get(here, params={"hazard": "haz-1"})).json()
    assert [(one["field"], one["id"]) for one in offered["choices"]] == [
        (name, key) for name, keys in about.items() for key in keys
    ]
    assert offered["chosen"] == about["hazards"]
    of_control = (await owner.client.get(here, params={"control": about["controls"][0]})).json()
    assert [one["id"] for one in of_control["choices"]] == of_control["chosen"] == about["controls"]
    page = await owner.client.get(here, params={"hazard": "HAZ-999"}, headers=PAGE)
    assert "This project has no hazard of that reference" in page.text
    other = (await owner.client.get(here, params={"control": str(new_id())})).json()
    assert other["choices"] == []


async def test_a_refused_form_comes_back_with_what_was_typed(owner: Person, project: str, hazard: str) -> None:
    about = await parts_of(owner, hazard)
    given: dict[str, Any] = {"title": "My <b>title", "description": "My words", "purpose": "effectiveness"}
    answer = await owner.client.post(
        f"{project}evidence/create/?hazard=HAZ-001",
        files={"file": ("a.pdf", b"no pdf")},
        data=given | {"controls": about["controls"]},
        headers=PAGE,
    )
    assert answer.status_code == 422
    for text in ("My &lt;b&gt;title", "My words", "The name says that the file is a PDF document"):
        assert text in answer.text
    chosen = [line for line in answer.text.splitlines() if " checked" in line]
    assert len(chosen) == 2
    assert "effectiveness" in "".join(chosen)
    assert about["controls"][0] in "".join(chosen)


async def test_a_browser_goes_to_the_new_piece(owner: Person, project: str) -> None:
    answer: httpx.Response = await owner.client.post(
        f"{project}evidence/create/", files=FILE, data={"title": "T", "purpose": "support"}, headers=PAGE
    )
    assert answer.status_code == 303
    page = await owner.client.get(answer.headers["location"], headers=PAGE)
    assert SHA256 in page.text

"""A form that comes too late is kept by the page to sign in on, and is there again for the same person only."""

import re
from html import unescape

import httpx
import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from pydantic import SecretStr
from starlette.types import Receive, Scope, Send

from authentication.sessions import SESSIONS
from endpoints import _drafts
from endpoints._forms import boxes_of
from endpoints._tree import Tree
from models.storage.columns import utc_now
from tests.authentication import factors, stored
from tests.clients import PAGE, PASSWORD, Person, connect
from tests.pages import operations

CREATE = "/projects/create/"
TYPED = {"name": "Ward <round>", "description": "Two\r\nlines"}


async def end(person: Person) -> None:
    mine = SESSIONS.c.user_id == person.id
    await stored.change(sa.update(SESSIONS).where(mine).values(revoked_at=utc_now(), revoked_reason="idle"))


def hidden(page: str) -> dict[str, str]:
    return {
        name: unescape(value) for name, value in re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page)
    }


async def sent_too_late(person: Person, path: str = CREATE) -> dict[str, str]:
    await end(person)
    answer = await person.client.post(path, data=TYPED, headers=PAGE)
    assert answer.status_code == 401
    assert "What you typed is kept on this page" in answer.text
    assert "Ward" not in answer.text
    return hidden(answer.text)


async def sign_in(
    client: httpx.AsyncClient, person: Person, fields: dict[str, str], password: str = PASSWORD
) -> httpx.Response:
    data = {**fields, "email_address": person.email_address, "password": password}
    return await client.post("/auth/login/", data=data, headers=PAGE)


async def test_it_is_in_the_form_again(owner: Person) -> None:
    fields = await sent_too_late(owner)
    wrong = await sign_in(owner.client, owner, fields, "wrong")
    assert (wrong.status_code, hidden(wrong.text)) == (401, fields)
    answer = await sign_in(owner.client, owner, fields)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{CREATE}?draft=use")
    page = await owner.client.get(answer.headers["location"], headers=PAGE)
    assert 'value="Ward &lt;round&gt;"' in page.text
    assert (await owner.client.get("/projects/")).json()["pagination"]["total"] == 0


async def test_it_waits_for_the_second_step(owner: Person) -> None:
    fields = await sent_too_late(owner)
    await factors.store_app(owner.id)
    answer = await sign_in(owner.client, owner, fields)
    assert answer.headers["location"].startswith("/auth/second_factor/?next=")
    done = {"code": factors.code_now(factors.KEY), "next": fields["next"]}
    answer = await owner.client.post("/auth/second_factor/", data=done, headers=PAGE)
    assert answer.headers["location"] == f"{CREATE}?draft=use"
    assert 'value="Ward &lt;round&gt;"' in (await owner.client.get(f"{CREATE}?draft=use", headers=PAGE)).text


async def test_nobody_else_gets_it(app: FastAPI, owner: Person, stranger: Person) -> None:
    fields = await sent_too_late(owner)
    async with connect(app) as shared:
        answer = await sign_in(shared, stranger, fields)
        page = await shared.get(answer.headers["location"], headers=PAGE)
    assert (page.status_code, "Ward" in page.text, "We kept" in page.text) == (200, False, False)


async def test_a_session_that_ends_meanwhile_loses_nothing_either(
    owner: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It passed the door and is refused by the fence, when the body has been read."""
    handle = Tree.handle

    async def revoked(self: Tree, scope: Scope, receive: Receive, send: Send) -> None:
        await end(owner)
        await handle(self, scope, receive, send)

    monkeypatch.setattr(Tree, "handle", revoked)
    answer = await owner.client.post(CREATE, data=TYPED, headers=PAGE)
    assert answer.status_code == 401
    assert "draft" in hidden(answer.text)


async def test_of_a_form_with_a_file_the_text_is_kept(owner: Person, hazard: str) -> None:
    """Also where the file alone is larger than what the page to sign in on can carry."""
    place = f"{hazard.split('hazards/', maxsplit=1)[0]}evidence/create/"
    await end(owner)
    typed = {
        "title": "Load <test>",
        "description": "Page 3",
        "purpose": "support",
        "hazards": [hazard.split("/")[4]] * 2,
    }
    file = {"file": ("large.pdf", b"x" * (_drafts.LARGEST + 1), "application/pdf")}
    answer = await owner.client.post(f"{place}?hazard=HAZ-001", data=typed, files=file, headers=PAGE)
    assert answer.status_code == 401
    answer = await sign_in(owner.client, owner, hidden(answer.text))
    assert answer.headers["location"] == f"{place}?hazard=HAZ-001&draft=use"
    page = await owner.client.get(answer.headers["location"], headers=PAGE)
    assert ('value="Load &lt;test&gt;"' in page.text, ">Page 3</textarea>" in page.text) == (True, True)


async def test_a_comment_typed_on_the_page_of_its_hazard_waits_there(owner: Person, hazard: str) -> None:
    path = f"{hazard}comments/create/"
    kept = await owner.client.post("/account/drafts/", json={"path": path, "form": "body=Not+yet+said"})
    assert kept.status_code == 200
    for place in (hazard, f"{hazard}comments/"):
        page = await owner.client.get(place, headers=PAGE)
        assert ("You began a comment on" in page.text, f'href="{path}?draft=use"' in page.text) == (True, True)
        assert "Not yet said" not in page.text
    assert "Not yet said" in (await owner.client.get(f"{path}?draft=use", headers=PAGE)).text
    sent = await owner.client.post(path, data={"body": "Said"}, headers=PAGE)
    assert sent.status_code == 303
    assert "You began a comment" not in (await owner.client.get(hazard, headers=PAGE)).text


async def test_what_keeps_nothing(app: FastAPI, owner: Person, project: str) -> None:
    """A program, somebody unknown, a page that is not marked, a form of more than the page to sign in on can carry."""
    async with connect(app) as unknown:
        answers = [await unknown.post(CREATE, data=TYPED, headers=PAGE)]
    await end(owner)
    answers += [
        await owner.client.post(CREATE, data=TYPED),
        await owner.client.post(f"{project}members/create/", data={"email_address": "a@example.org"}, headers=PAGE),
        await owner.client.post(CREATE, data={"name": "x" * _drafts.LARGEST}, headers=PAGE),
        await owner.client.post(CREATE, files={"file": b"x"}, headers=PAGE),
    ]
    for answer in answers:
        assert answer.status_code == 401
        assert 'name="draft"' not in answer.text


def test_no_form_with_a_secret_keeps_drafts() -> None:
    marked = [found for found in operations() if "GET" in found.methods and _drafts.is_marked(found.route.endpoint)]
    assert len(marked) > 5
    sending = {found.url: found for found in operations() if "POST" in found.methods}
    for page in marked:
        boxes = boxes_of(sending[page.url].route)
        assert boxes, page.url
        assert SecretStr not in {of.annotation for of in boxes.values()}
        assert not boxes.keys() & {"password", "code", "recovery_code", "passkey", "draft"}

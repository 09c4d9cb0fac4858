"""Every page, for people of every kind: it shows what it should, and leads only to where who reads it may go."""

import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urlsplit

import httpx
import pytest
from fastapi import APIRouter, FastAPI

from authentication.permissions import PERMISSIONS
from endpoints._drafts import is_marked
from endpoints._tree import Operation, Tree
from models.enumerations import Role
from tests.clients import PAGE, Person, SignUp, connect
from tests.pages import ATTACK, filled_project, operations, pages

KINDS = ["owner", "viewer", "nobody"]
SIGN_IN = "/auth/login/"


@pytest.fixture(params=["sqlite"])
def backend(request: pytest.FixtureRequest) -> str:
    """A page is made of what a handler answered, and handlers are tested on both databases."""
    name: str = request.param
    return name


@dataclass(frozen=True)
class Reader:
    """Somebody before a project that everyone may read; `held` is what the tree asks for that they have."""

    client: httpx.AsyncClient
    parts: dict[str, str]
    held: frozenset[str]

    def may(self, operation: Operation) -> bool:
        return operation.access.name in self.held


@pytest.fixture(params=KINDS)
async def reader(request: pytest.FixtureRequest, app: FastAPI, sign_up: SignUp) -> AsyncIterator[Reader]:
    owner = await sign_up("owner", is_administrator=True, is_cso=True)
    viewer = await sign_up("viewer")
    parts = await filled_project(owner.client, viewer.email_address, visibility="public")
    people: dict[str, tuple[Person | None, Role | None]] = {
        "owner": (owner, Role.OWNER),
        "viewer": (viewer, Role.VIEWER),
        "nobody": (None, None),
    }
    person, role = people[request.param]
    held = {"public", *(name for name, roles in PERMISSIONS.items() if role in roles)}
    held |= {"signed in", "signed in, second factor or not", "verified"} if person else set()
    held |= {"administrator"} if person is owner else set()
    async with connect(app) as anonymous:
        yield Reader(person.client if person else anonymous, parts, frozenset(held))


class LongTexts(HTMLParser):
    """Where the forms of a page send what was typed into an area for text."""

    def __init__(self, html: str, place: str) -> None:
        super().__init__()
        self.place, self.action = urlsplit(place).path, ""
        self.actions: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            self.action = given.get("action") or self.place if given.get("method") == "post" else ""
        if tag == "textarea" and self.action:
            self.actions.add(self.action)


class Page(HTMLParser):
    """The tags of a page, the text that people read, and where its links and forms lead."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""
        self.links: set[str] = set()
        self.posts: set[str] = set()
        self.ids: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.append(tag)
        self.ids += [given["id"] or ""] if "id" in given else []
        if tag == "a":
            self.links.add(given["href"] or "")
        if tag == "form" and given.get("method") == "post":
            self.posts.add(given.get("action") or "")

    def handle_data(self, data: str) -> None:
        if self.tags[-1:] not in (["script"], ["title"]):
            self.text += f"{data} "


async def test_every_page_is_whole(reader: Reader) -> None:
    for operation in pages():
        place = operation.url.format(**reader.parts)
        answer = await reader.client.get(place, headers=PAGE)
        if reader.may(operation):
            assert answer.status_code == 200, place
            assert faults(answer.text) == [], place
        else:
            assert answer.status_code == (403 if "signed in" in reader.held else 303), place


async def test_every_long_text_outlives_its_session(reader: Reader) -> None:
    """The page that such a form is sent to keeps drafts."""
    tree = Tree(operations(), APIRouter())
    without: set[str] = set()
    kept: set[str] = set()
    for operation in pages():
        if not reader.may(operation):
            continue
        place = operation.url.format(**reader.parts)
        for action in LongTexts((await reader.client.get(place, headers=PAGE)).text, place).actions:
            found = tree.find(urlsplit(action).path)
            assert found, action
            page = found[0].operations["GET"]
            (kept if is_marked(page.route.endpoint) else without).add(page.url)
    assert without == set()
    assert len(kept) > (30 if "administrator" in reader.held else 0 if "signed in" in reader.held else -1)


async def test_asvs_7_4_4_every_page_of_who_is_signed_in_lets_them_sign_out(reader: Reader) -> None:
    for operation in pages():
        if reader.may(operation):
            page = Page((await reader.client.get(operation.url.format(**reader.parts), headers=PAGE)).text)
            assert ("/auth/logout/" in page.posts) == ("signed in" in reader.held), operation.url


def faults(html: str) -> list[str]:
    """What no page may have, whatever it shows; a value that nobody put into words is one of them."""
    page = Page(re.sub(r"<template.*?</template>", "", html, flags=re.DOTALL))  # not there until a script puts it there
    once = {tag: page.tags.count(tag) for tag in ("h1", "main", "title")}
    found = [f"{count} {tag}" for tag, count in once.items() if count != 1]
    found += [] if re.search(r"<title>[^<]+ - Turva</title>", html) else ["no title of its own"]
    found += [f"twice: {name}" for name in page.ids if page.ids.count(name) > 1]
    found += ["text that runs"] if ATTACK in html else []
    return found + re.findall(r"\bNone\b(?! recorded)|\{[{%]|<\w+[. ]\w+ (?:object|at 0x)|StrEnum|UUID\(", page.text)


def test_each_fault_is_found() -> None:
    whole = "<title>Projects - Turva</title><main><h1>Projects</h1>{}</main>"
    assert faults(whole.format("<p>None recorded</p>")) == []
    for fault in ("<h1>Two</h1>", "<p>None</p>", "{{ name }}", ATTACK, '<p id="a"></p><p id="a"></p>', "UUID('1')"):
        assert faults(whole.replace("{}", fault))
    assert faults(whole.replace("Projects - ", ""))


async def test_every_page_leads_only_where_its_reader_may_go(reader: Reader) -> None:
    links: dict[str, str] = {}
    for operation in pages():
        place = operation.url.format(**reader.parts)
        page = Page((await reader.client.get(place, headers=PAGE)).text)
        links.update((link, place) for link in inner(page.links, place))
        for post in page.posts:
            assert reader.may(at("POST", urlsplit(post).path or place)), (place, post)
    assert len(links) > 5
    for link, place in links.items():
        answer = await reader.client.get(link, headers=PAGE)
        to_sign_in = answer.headers.get("location", "").startswith(SIGN_IN)
        assert answer.status_code == 200 or ("signed in" not in reader.held and to_sign_in), (place, link)


def inner(links: set[str], path: str) -> Iterator[str]:
    """Links to other pages, as whole addresses."""
    for link in links:
        if not link.startswith("#"):
            yield path + link if link.startswith("?") else link


def at(method: str, path: str) -> Operation:
    candidates = [found for found in operations() if method in found.methods]
    return next(found for found in candidates if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", found.url), path))


@pytest.mark.parametrize(
    ("role", "offered"),
    [
        (Role.OWNER, {"Assess", "Edit", "Close", "Reopen", "History"}),
        (Role.CSO, {"Assess", "Edit", "Close", "Reopen", "History"}),
        (Role.CONTRIBUTOR, {"Assess", "Edit", "History"}),
        (Role.REVIEWER, {"History"}),
        (Role.VIEWER, {"History"}),
    ],
)
async def test_a_hazard_offers_what_a_role_may_do(
    owner: Person, stranger: Person, role: Role, offered: set[str]
) -> None:
    parts = await filled_project(owner.client, stranger.email_address)
    members = "/projects/{project_id}/members/{member_id}/edit/".format(**parts)
    assert (await owner.client.post(members, json={"role": role})).is_success
    answer = await stranger.client.get("/projects/{project_id}/hazards/{hazard_id}/".format(**parts), headers=PAGE)
    actions = re.search(r'<div class="app-actions app-toolbar">(.*?)</div>', answer.text, re.DOTALL)
    assert actions
    assert set(re.findall(r"<a [^>]*>\s*(\w+)", actions[1])) == offered


async def test_an_empty_project_teaches_what_to_do(owner: Person, project: str) -> None:
    for place in (project, f"{project}hazards/"):
        page = (await owner.client.get(place, headers=PAGE)).text
        assert "A hazard is a potential source of harm" in page
        assert f"{project}imports/create/" in page
        assert f"{project}hazards/create/" in page


async def test_nobody_s_projects_teach_what_a_project_is(stranger: Person) -> None:
    page = (await stranger.client.get("/projects/", headers=PAGE)).text
    assert "You have no projects yet" in page
    assert "Create one to begin" in page


async def test_a_log_says_whether_it_is_empty_or_nothing_matches(owner: Person, hazard: str) -> None:
    log = hazard.rpartition("hazards/")[0] + "hazards/"
    page = (await owner.client.get(f"{log}?search=nothing-like-it", headers=PAGE)).text
    assert "No hazard matches all of these" in page
    page = (await owner.client.get(f"{log}?page=9", headers=PAGE)).text
    assert "This page of the list is empty" in page


async def test_htmx_is_given_the_results_alone(owner: Person, hazard: str) -> None:
    log = hazard.rpartition("hazards/")[0] + "hazards/"
    for place in (log, "/projects/"):
        answer = await owner.client.get(place, headers={**PAGE, "HX-Request": "true", "HX-Request-Type": "partial"})
        assert answer.text.strip().startswith('<section id="results"')
        assert "<html" not in answer.text

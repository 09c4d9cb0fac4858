"""Every operation of the tree answers every kind of caller as the table in docs/permissions.md says."""

import functools
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi import FastAPI

import authentication
from authentication import sessions
from authentication.permissions import IN_THE_ARCHIVE, PERMISSIONS
from endpoints._tree import Operation
from middleware.cross_site import SAFE_METHODS
from models.enumerations import Role, Visibility
from models.storage.columns import new_id
from tests.authentication import stored
from tests.authentication.stage import KINDS, Kind, Stage, operations, staged

DOCUMENT = Path(authentication.__file__).parent.parent / "docs" / "permissions.md"
ADMITTED = 200
"""Stands for whatever follows a successful check of access: done, or 409, or 422 because nothing was sent."""

ANY_FACTOR = "signed in, second factor or not"


@functools.cache
def documented() -> dict[str, frozenset[Role | None]]:
    """The permissions of the document: a row a permission; columns are roles, anyone who looks, the archive."""
    lines = iter(DOCUMENT.read_text("utf-8").splitlines())
    heading = next(line for line in lines if line.startswith("| Permission |"))
    roles = [Role(name) if name in set(Role) else None for name in cells(heading)[1:-1]]
    assert (next(lines), roles[-1]) == ("|---" * (len(roles) + 2) + "|", None)
    table: dict[str, frozenset[Role | None]] = {}
    for line in lines:
        if not line.startswith("| `"):
            return table
        name, *marks, archived = cells(line)
        assert (archived == "yes") == (name.strip("`") in IN_THE_ARCHIVE)
        assert set(marks) <= {"yes", "-"}
        table[name.strip("`")] = frozenset(role for role, mark in zip(roles, marks, strict=True) if mark == "yes")
    return table


def cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip("|").split("|")]


def test_the_document_tells_what_the_code_does() -> None:
    assert documented() == PERMISSIONS


def expected(access: str, kind: Kind, visibility: Visibility | None) -> int:
    """The status that refuses, or ADMITTED. `visibility` is None for a project that does not exist."""
    plain = {
        ANY_FACTOR: kind.signed_in,
        "signed in": kind.signed_in,
        "verified": kind.verified,
        "administrator": kind.administrator,
    }
    if access == "public":
        return ADMITTED
    if access in plain:
        return ADMITTED if plain[access] and kind.signed_in else 403 if kind.signed_in else 401
    role = kind.role if kind.verified else None
    seen = visibility is Visibility.PUBLIC or (visibility is Visibility.PRIVATE and role is not None)
    if seen and role in documented()[access]:
        return ADMITTED
    if not kind.signed_in:
        return 401
    return 403 if seen else 404


def worlds(found: Operation) -> Iterator[Visibility | None]:
    """An operation outside projects is called once, one inside in each project and in none that exists."""
    yield from (Visibility.PRIVATE, Visibility.PUBLIC, None) if "{project_id}" in found.url else (Visibility.PRIVATE,)


async def path_of(stage: Stage, found: Operation, visibility: Visibility | None) -> str:
    asked = set(found.route.param_convertors)
    if not asked:
        return found.url
    mine = await stored.sessions_of(stage.user_id) if stage.user_id else []
    if mine and "passkey_id" in asked:
        await stage.add_passkey()
    session = mine[-1]["id"] if mine else new_id()
    parameters = await stage.parameters(visibility or Visibility.PRIVATE, session, only=asked)
    unknown = asked - set(parameters)
    assert not unknown, f"say in tests/authentication/stage.py what stands for {unknown} in a path"
    return found.url.format_map(parameters if visibility else {**parameters, "project_id": new_id()})


async def call(stage: Stage, found: Operation, method: str, visibility: Visibility | None) -> str | None:
    """What is wrong with an answer, if anything; a refused call must leave no trace."""
    path, before = await path_of(stage, found, visibility), await stored.written()
    answer = await stage.client.request(method, path, json=None if method == "GET" else {})
    wanted = expected(found.access.name, stage.kind, visibility)
    status = ADMITTED if answer.status_code < 400 or answer.status_code in {409, 422} else answer.status_code
    if method not in SAFE_METHODS and status == ADMITTED:
        await stage.sign_in()  # it may have ended the session
    if status != wanted:
        return f"{method} {found.url} ({visibility}): {status}, not {wanted}"
    if wanted != ADMITTED and await stored.written() != before:
        return f"{method} {found.url} ({visibility}) was refused and left a trace"
    return None


@pytest.mark.parametrize("kind", KINDS)
async def test_every_operation_for(app: FastAPI, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sessions, "RECENT", timedelta(hours=1))  # a busy machine takes its time
    places = [(found, method) for found in operations(app) for method in found.methods]
    calls = [(found, method, visibility) for found, method in places for visibility in worlds(found)]
    async with staged(app, KINDS[kind]) as stage:
        await stage.sign_in()
        problems = [await call(stage, *one) for one in calls]
    assert len(problems) > 50
    assert not [problem for problem in problems if problem]


async def test_every_kind_of_access_is_used(app: FastAPI) -> None:
    """A permission that nothing asks for would be a row of the document that means nothing."""
    used = {found.access.name for found in operations(app)}
    assert used == {"public", "signed in", ANY_FACTOR, "verified", "administrator", *PERMISSIONS}


async def test_an_unknown_project_and_a_hidden_one_answer_alike(app: FastAPI) -> None:
    async with staged(app, KINDS["stranger"]) as stage:
        await stage.sign_in()
        hidden = stage.projects[Visibility.PRIVATE]["project_id"]
        for page in ("", "hazards/", "members/", "hazards/create/"):
            answers = [await stage.client.get(f"/projects/{key}/{page}") for key in (hidden, new_id())]
            assert answers[0].status_code == 404
            assert answers[0].content == answers[1].content


async def test_a_hazard_is_found_in_its_own_project_only(app: FastAPI) -> None:
    """Through a project that one may see there is no way to what is in another."""
    async with staged(app, KINDS["stranger"]) as stage:
        await stage.sign_in()
        hidden, open_ = stage.projects[Visibility.PRIVATE], stage.projects[Visibility.PUBLIC]
        for kind in ("hazards", "imports"):
            inside = f"{kind}/{hidden[f'{kind[:-1]}_id']}/"
            assert (await stage.client.get(f"/projects/{open_['project_id']}/{inside}")).status_code == 404


@pytest.mark.parametrize(
    ("kind", "names"),
    [("viewer", {"private", "public"}), ("unverified member", {"public"}), ("administrator", {"public"})],
)
async def test_the_list_shows_what_one_may_see(app: FastAPI, kind: str, names: set[str]) -> None:
    async with staged(app, KINDS[kind]) as stage:
        await stage.sign_in()
        assert {one["name"] for one in (await stage.client.get("/projects/")).json()["data"]} == names

"""The demonstration: alive when it is loaded, never twice, and never where real work is done."""

import asyncio
import re
from typing import Any

import httpx
import pytest

from commands import run
from config import load_settings
from main import create_app
from tests.clients import CHEAP_HASHES, connect

PEOPLE = ("demo@example.org", "officer@example.org", "reviewer@example.org")


def loaded(capsys: pytest.CaptureFixture[str]) -> tuple[str, str]:
    """Load it; what was printed, and the password in it."""
    assert run(["demo"]) == 0
    printed = capsys.readouterr().out
    found = re.search(r"the password (\S{16,})", printed)
    assert found
    return printed, found[1]


async def sign_in(client: httpx.AsyncClient, address: str, password: str) -> int:
    return (await client.post("/auth/login/", json={"email_address": address, "password": password})).status_code


def visited(settings: dict[str, str], password: str, visit: Any, address: str = PEOPLE[0]) -> Any:
    """What somebody signed in sees of the project."""

    async def visiting() -> Any:
        app = create_app(load_settings(settings))
        async with app.router.lifespan_context(app), connect(app) as client:
            assert await sign_in(client, address, password) == 200
            [project] = (await client.get("/projects/")).json()["data"]
            return await visit(client, project)

    return asyncio.run(visiting())


@pytest.fixture
def cheap(settings: dict[str, str]) -> dict[str, str]:
    settings |= CHEAP_HASHES
    return settings


async def hazards(client: httpx.AsyncClient, project: dict[str, Any]) -> list[dict[str, Any]]:
    return list((await client.get(f"{project['url']}hazards/", params={"limit": 100})).json()["data"])


def test_a_newcomer_signs_in_to_a_living_log(cheap: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    printed, password = loaded(capsys)
    assert "http://127.0.0.1:8000/auth/login/" in printed
    assert all(person in printed for person in PEOPLE)

    async def look(client: httpx.AsyncClient, project: dict[str, Any]) -> None:
        assert (project["name"], project["role"]) == ("Fernwick ePrescribing (demonstration)", "owner")
        overview = (await client.get(project["url"])).json()
        assert overview["hazards"] >= 12
        assert all(overview["by_status"].values())
        assert sum(count > 0 for count in overview["by_level"].values()) >= 4
        log = await hazards(client, project)
        assert all(hazard["causes"] and hazard["controls"] and hazard["owner"] for hazard in log)
        assert any(control["evidence"] for hazard in log for control in hazard["controls"])
        assert {control["kind"] for hazard in log for control in hazard["controls"]} >= {"design", "training", "test"}
        decided = [hazard for hazard in log if hazard["status"] != "open"]
        assert all(hazard["status_justification"] for hazard in decided)
        history = (await client.get(f"{decided[0]['url']}history/")).json()["versions"]
        assert [version["who"] for version in history] == ["Demo Officer", "Demo Officer", "Demo Owner", "Demo Owner"]
        assert history[0]["reason"]

    visited(cheap, password, look)


def test_each_person_may_do_what_their_role_is_for(cheap: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    _, password = loaded(capsys)
    expected = {PEOPLE[0]: (201, 200), PEOPLE[1]: (201, 403), PEOPLE[2]: (403, 403)}

    async def act(client: httpx.AsyncClient, project: dict[str, Any]) -> tuple[int, int]:
        created = await client.post(f"{project['url']}hazards/create/", json={"name": "A new one"})
        return created.status_code, (await client.get("/ops/sessions/")).status_code

    assert {person: visited(cheap, password, act, person) for person in PEOPLE} == expected


def test_running_it_again_gives_a_way_in_and_changes_nothing(
    cheap: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    _, first = loaded(capsys)
    before = visited(cheap, first, hazards)
    printed, second = loaded(capsys)
    assert "is there already" in printed
    assert second != first
    assert visited(cheap, second, hazards) == before

    async def with_the_old_one(client: httpx.AsyncClient, _: dict[str, Any]) -> int:
        return await sign_in(client, PEOPLE[0], first)

    assert visited(cheap, second, with_the_old_one) == 401


def test_it_is_refused_where_real_work_is_done(
    cheap: dict[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("TEST_ENVIRONMENT", *CHEAP_HASHES):
        del cheap[name]
    assert run(["demo"]) == 1
    told = capsys.readouterr()
    assert "--development" in told.err
    assert told.out == ""


def test_a_fresh_machine_needs_nothing_else(environment: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["demo", "--development"]) == 0
    assert "12 hazards, all fictional" in capsys.readouterr().out

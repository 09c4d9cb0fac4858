"""The list of evidence: the newest first, found by words, kind and purpose, in pages, of its own project only."""

from typing import Any

import httpx
import pytest

from tests.authentication.statements import counted
from tests.clients import PAGE, Person
from tests.endpoints.projects.project_id.evidence.sending import added, parts_of


async def titles(client: httpx.AsyncClient, project: str, **asked: Any) -> list[str]:
    answer = await client.get(f"{project}evidence/", params=asked)
    assert answer.status_code == 200, answer.text
    return [piece["title"] for piece in answer.json()["data"]]


@pytest.fixture
async def filled(owner: Person, project: str, public_project: str, hazard: str) -> str:
    about = await parts_of(owner, hazard)
    await added(owner, project, title="Load test", description="100% of May", purpose="effectiveness", **about)
    await added(owner, project, title="Report", link="https://example.org/may", purpose="implementation", **about)
    await added(owner, project, title="Loose")
    await added(owner, public_project, title="Elsewhere")
    return project


async def test_what_is_found(owner: Person, filled: str) -> None:
    cases: list[tuple[dict[str, Any], list[str]]] = [
        ({}, ["Loose", "Report", "Load test"]),
        ({"search": "MAY"}, ["Report", "Load test"]),
        ({"search": "0% test"}, ["Load test"]),
        ({"search": "example.org"}, ["Report"]),
        ({"search": "load txt"}, ["Loose", "Load test"]),
        ({"search": "_oad"}, []),
        ({"kind": "link"}, ["Report"]),
        ({"purpose": "effectiveness"}, ["Load test"]),
        ({"purpose": "support"}, []),
        ({"kind": "file", "purpose": "implementation"}, []),
        ({"limit": 1, "page": 2}, ["Report"]),
        ({"page": 9}, []),
    ]
    for asked, found in cases:
        assert await titles(owner.client, filled, **asked) == found, asked


async def test_how_often_it_is_attached_and_what_is_refused(owner: Person, filled: str) -> None:
    page = (await owner.client.get(f"{filled}evidence/")).json()
    assert [piece["attached"] for piece in page["data"]] == [0, 3, 3]
    assert page["pagination"]["total"] == 3
    for asked in ({"kind": "x"}, {"purpose": "x"}, {"limit": 101}, {"search": "a\x00"}):
        assert (await owner.client.get(f"{filled}evidence/", params=asked)).status_code == 422


async def test_the_page_for_a_browser_and_for_nothing(owner: Person, filled: str, public_project: str) -> None:
    page = (await owner.client.get(f"{filled}evidence/?search=load", headers=PAGE)).text
    assert "2 pieces of evidence" in page
    none = (await owner.client.get(f"{filled}evidence/?search=nothing", headers=PAGE)).text
    assert "No evidence is like that" in none
    created = await owner.client.post("/projects/create/", json={"name": "Empty"})
    empty = (await owner.client.get(f"{created.json()['url']}evidence/", headers=PAGE)).text
    assert "There is no evidence yet" in empty


async def test_statements_do_not_grow_with_the_evidence(owner: Person, project: str, hazard: str) -> None:
    about = await parts_of(owner, hazard)
    places = (hazard, f"{project}evidence/")
    before = [await statements(owner, place) for place in places]
    for number in range(5):
        await added(owner, project, title=f"Test {number}", **about)
    assert [await statements(owner, place) for place in places] == before


async def statements(person: Person, place: str) -> int:
    with counted() as sent:
        await person.client.get(place)
    return len(sent)


async def test_a_hazard_and_its_controls_say_how_much_they_have(owner: Person, filled: str, hazard: str) -> None:
    full = (await owner.client.get(hazard)).json()
    assert (full["evidence_count"], [one["evidence_count"] for one in full["controls"]]) == (2, [2])
    (listed,) = (await owner.client.get(f"{filled}hazards/")).json()["data"]
    assert (listed["evidence_count"], [one["evidence_count"] for one in listed["controls"]]) == (2, [2])


async def test_the_page_of_a_control_shows_its_own(owner: Person, filled: str, hazard: str) -> None:
    about = await parts_of(owner, hazard)
    control = f"{filled}controls/{about['controls'][0]}/"
    shown = (await owner.client.get(control)).json()["attached"]
    assert [(one["title"], one["about"]["kind"]) for one in shown] == [("Load test", "control"), ("Report", "control")]
    assert f"evidence/create/?control={about['controls'][0]}" in (await owner.client.get(control, headers=PAGE)).text

"""Evidence that is there is attached to further things: each once for a purpose, told to history, nothing of others."""

import asyncio
from typing import Any

import pytest

from models.enumerations import Role
from models.storage.columns import new_id
from tests.authentication import stored
from tests.clients import PAGE, Person
from tests.endpoints.projects.conftest import Join
from tests.endpoints.projects.project_id.evidence.sending import added, close, parts_of


async def attach(
    person: Person, piece: dict[str, Any], about: dict[str, Any], purpose: str = "support"
) -> tuple[int, Any]:
    answer = await person.client.post(f"{piece['url']}attach/", json={"purpose": purpose, **about})
    return answer.status_code, answer.json()


async def test_to_more_and_for_another_purpose(owner: Person, project: str, hazard: str) -> None:
    about = await parts_of(owner, hazard)
    piece = await added(owner, project, hazards=about["hazards"])
    assert (await attach(owner, piece, about))[1]["attached"] == 3
    assert (await attach(owner, piece, {"controls": about["controls"]}, "effectiveness"))[1]["attached"] == 4
    shown = (await owner.client.get(piece["url"])).json()
    assert [(one["kind"], one["purpose"]) for one in shown["about"]] == [
        ("hazard", "support"),
        ("assessment", "support"),
        ("control", "support"),
        ("control", "effectiveness"),
    ]
    assert [one["reference"] for one in shown["about"]] == ["HAZ-001", "HAZ-001", None, None]
    entries = await stored.history("hazard:evidence")
    assert [entry["entity_version"] for entry in entries] == [2, 3]
    assert entries[1]["before"] == entries[0]["after"]
    assert len(entries[1]["after"]["evidence_links"]) == 2
    assert [entry["entity_version"] for entry in await stored.history("control:evidence")] == [2, 3]


async def test_what_is_attached_already(owner: Person, project: str, hazard: str) -> None:
    about = await parts_of(owner, hazard)
    piece = await added(owner, project, **about)
    before = len(await stored.history())
    status, told = await attach(owner, piece, about)
    assert (status, told["code"]) == (409, "CONFLICT")
    assert len(await stored.history()) == before


async def test_twice_at_once_is_once(owner: Person, project: str, hazard: str) -> None:
    piece, about = await added(owner, project), await parts_of(owner, hazard)
    answers = await asyncio.gather(*(attach(owner, piece, about) for _ in range(4)))
    assert sorted(status for status, _ in answers) == [200, 409, 409, 409]
    assert len((await owner.client.get(piece["url"])).json()["about"]) == 3


async def test_nothing_of_another_project(owner: Person, project: str, public_project: str, hazard: str) -> None:
    about = await parts_of(owner, hazard)
    other = await added(owner, public_project)
    here = await added(owner, project)
    for name, keys in about.items():
        assert (await attach(owner, other, {name: keys}))[0] == 404
        assert (await attach(owner, here, {name: [*keys, str(new_id())]}))[0] == 404
    moved = {**here, "url": here["url"].replace(project, public_project)}
    assert (await attach(owner, moved, about))[0] == 404
    assert (await owner.client.get(here["url"])).json()["about"] == []


@pytest.mark.parametrize("body", [{}, {"hazards": []}, {"hazards": ["x"]}, {"hazards": [str(new_id())] * 51}])
async def test_what_is_refused(owner: Person, project: str, body: dict[str, Any]) -> None:
    piece = await added(owner, project)
    assert (await attach(owner, piece, body))[0] == 422
    assert (await attach(owner, piece, body, "proof"))[0] == 422


async def test_a_closed_hazard(owner: Person, project: str, hazard: str) -> None:
    about, piece = await parts_of(owner, hazard), await added(owner, project)
    await close(about["hazards"][0])
    for name, chosen in about.items():
        status, told = await attach(owner, piece, {name: chosen})
        assert (status, told["code"]) == (409, "HAZARD_CLOSED"), name


async def test_who_may(owner: Person, project: str, hazard: str, join: Join) -> None:
    about, piece = await parts_of(owner, hazard), await added(owner, project)
    assert (await attach(await join(Role.REVIEWER), piece, about))[0] == 403
    assert (await attach(await join(Role.CONTRIBUTOR), piece, about))[0] == 200


async def test_the_page_without_javascript(owner: Person, project: str, hazard: str) -> None:
    about, piece = await parts_of(owner, hazard), await added(owner, project)
    here = f"{piece['url']}attach/?hazard=HAZ-001"
    assert about["controls"][0] in (await owner.client.get(here, headers=PAGE)).text
    refused = await owner.client.post(here, data={"hazards": about["hazards"]}, headers=PAGE)
    assert (refused.status_code, 'href="#purpose"' in refused.text) == (422, True)
    chosen = {"hazards": about["hazards"], "controls": about["controls"], "purpose": "support"}
    done = await owner.client.post(here, data=chosen, headers=PAGE)
    assert (done.status_code, done.headers["location"]) == (303, piece["url"])

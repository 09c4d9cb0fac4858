"""What happened in a project: every change in order, a page at a time, to each what they may see."""

from typing import Any

import httpx

from models.enumerations import Role
from tests.authentication.statements import counted
from tests.clients import PAGE, Person
from tests.endpoints.projects.conftest import Join
from tests.endpoints.projects.traces import refused


async def told(client: httpx.AsyncClient, url: str) -> Any:
    answer = await client.get(url)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_every_change_is_told_once_however_it_is_paged(owner: Person, project: str, hazard: str) -> None:
    for version in (1, 2, 3):
        await owner.client.post(f"{hazard}edit/", json={"version": version, "effect": f"Effect {version}"})
    whole = await told(owner.client, f"{project}history/")
    assert [one["entry"] for one in whole["data"]] == [5, 4, 3, 2, 1]
    assert (whole["older"], whole["data"][0]["about"]) == (None, "HAZ-001 Wrong patient selected")
    assert (whole["data"][0]["after"], whole["data"][0]["url"]) == ({"effect": "Effect 3"}, hazard)
    paged, place = [], f"{project}history/?limit=2"
    while place:
        page = await told(owner.client, place)
        paged += page["data"]
        place = page["older"]
    assert paged == whole["data"]


async def test_members_see_more_than_the_public(client: httpx.AsyncClient, owner: Person, public_project: str) -> None:
    await owner.client.post(f"{public_project}hazards/create/", json={"name": "Late result"})
    kinds = [one["entity"] for one in (await told(client, f"{public_project}history/"))["data"]]
    assert set(kinds) == {"hazard"}
    assert "project" in {one["entity"] for one in (await told(owner.client, f"{public_project}history/"))["data"]}


async def test_comments_stay_on_their_own_page(owner: Person, join: Join, project: str, hazard: str) -> None:
    reader = await join(Role.VIEWER)
    answer = await owner.client.post(f"{hazard}comments/create/", json={"body": "Between us"})
    assert answer.is_success, answer.text
    assert "Between us" not in (await reader.client.get(f"{project}history/")).text


async def test_the_page_marks_words_for_eyes_and_ears(owner: Person, project: str, hazard: str) -> None:
    await owner.client.post(f"{hazard}edit/", json={"version": 1, "effect": "Two <b> mg"})
    await owner.client.post(f"{hazard}edit/", json={"version": 2, "effect": "Three <b> mg"})
    for place in (f"{project}history/", f"{hazard}history/"):
        page = await owner.client.get(place, headers=PAGE)
        assert '<span class="nhsuk-u-visually-hidden">[taken out: </span>Two' in page.text
        assert '<span class="nhsuk-u-visually-hidden">[put in: </span>Three' in page.text
        assert "&lt;b&gt; mg" in page.text
    shown = await owner.client.get(hazard, headers=PAGE)
    assert "Latest changes" in shown.text


async def test_a_long_history_takes_no_more_statements(owner: Person, project: str, hazard: str) -> None:
    counts = set()
    for version in (1, 2, 3):
        await owner.client.post(f"{hazard}edit/", json={"version": version, "effect": f"Effect {version}"})
        with counted() as statements:
            await told(owner.client, f"{project}history/")
        counts.add(len(statements))
    assert len(counts) == 1


async def test_only_for_who_may_see_the_project(client: httpx.AsyncClient, stranger: Person, project: str) -> None:
    refused(await client.get(f"{project}history/"), 401)
    refused(await stranger.client.get(f"{project}history/"), 404)

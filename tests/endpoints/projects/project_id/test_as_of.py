"""The log as it was: on a day, at a time, after an entry; the same for programs and on the page."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from models.audit import history
from tests.authentication.statements import counted
from tests.clients import PAGE, Person
from tests.endpoints.projects.traces import refused

TOMORROW = (datetime.now(UTC) + timedelta(days=2)).date().isoformat()


async def as_of(person: Person, project: str, **query: Any) -> Any:
    answer = await person.client.get(f"{project}as_of/", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_each_entry_has_its_log(owner: Person, project: str, hazard: str) -> None:
    first = (await as_of(owner, project))["entry"]
    await owner.client.post(f"{hazard}edit/", json={"version": 1, "name": "Renamed", "additional_controls": ["Alert"]})
    await owner.client.post(
        f"{hazard}assess/", json={"stage": "residual", "severity": "minor", "likelihood": "very_low"}
    )
    await owner.client.post(f"{project}hazards/create/", json={"name": "Another"})
    before, now = await as_of(owner, project, entry=first), await as_of(owner, project)
    [was] = before["data"]
    assert (was["name"], was["version"]) == ("Wrong patient selected", 1)
    assert (was["initial"]["level"], was["residual"]) == (3, None)
    assert [(one["description"], one["state"]) for one in was["controls"]] == [
        ("Date of birth beside each name", "implemented")
    ]
    assert (before["levels"]["3"], before["statuses"]["open"], before["newest_entry"]) == (1, 1, now["newest_entry"])
    assert [one["reference"] for one in now["data"]] == ["HAZ-001", "HAZ-002"]
    assert (now["levels"]["1"], now["not_assessed"], now["pagination"]["total"]) == (1, 1, 2)
    stored = (await owner.client.get(hazard)).json()
    same = ("name", "causes", "types", "status", "version", "owner", "reference", "number", "url")
    assert {name: now["data"][0][name] for name in same} == {name: stored[name] for name in same}


async def test_a_time_leads_to_the_last_entry_before_it(owner: Person, project: str, hazard: str) -> None:
    entry = (await as_of(owner, project))["entry"]
    assert (await as_of(owner, project, at=TOMORROW))["entry"] == entry
    at = (await as_of(owner, project, entry=entry))["entry_date"]
    assert (await as_of(owner, project, at=at))["entry"] == entry
    long_ago = await as_of(owner, project, at="2020-05-01")
    assert (long_ago["entry"], long_ago["entry_date"], long_ago["data"]) == (0, None, [])


@pytest.mark.parametrize("query", [{"at": "soon"}, {"entry": 99}, {"entry": -1}, {"at": TOMORROW, "entry": 1}])
async def test_what_is_no_moment_is_refused(owner: Person, project: str, query: dict[str, Any]) -> None:
    fields = refused(await owner.client.get(f"{project}as_of/", params=query))
    assert fields[0] in query


async def test_the_page_shows_the_same(owner: Person, project: str, hazard: str) -> None:
    page = await owner.client.get(f"{project}as_of/?entry=2", headers=PAGE)
    assert "Wrong patient selected" in page.text
    assert f'href="{hazard}as_of/?entry=2"' in page.text
    nothing = await owner.client.get(f"{project}as_of/?at=2020-05-01", headers=PAGE)
    assert "Nothing had been recorded then." in nothing.text
    odd = await owner.client.get(f"{project}as_of/?at=soon", headers=PAGE)
    assert (odd.status_code, "Enter a day such as" in odd.text) == (422, True)


async def test_only_for_who_may_read_the_log(client: httpx.AsyncClient, stranger: Person, project: str) -> None:
    refused(await stranger.client.get(f"{project}as_of/"), 404)
    refused(await client.get(f"{project}as_of/"), 401)


async def test_it_is_read_in_batches(owner: Person, project: str, hazard: str, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = await as_of(owner, project)
    monkeypatch.setattr(history, "BATCH", 1)
    with counted() as statements:
        assert await as_of(owner, project) == whole
    assert len(statements) > whole["entry"]

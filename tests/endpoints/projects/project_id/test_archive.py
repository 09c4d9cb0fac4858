"""An archived project: read by all who could, changed by nobody, also by a write that was under way."""

import asyncio
from uuid import UUID

import pytest

from errors import ProjectArchived
from models.audit.audit import COMMAND_LINE, Actor
from models.enumerations import Role
from models.hazards import hazard_additions, hazard_edits
from models.hazards.hazard_additions import NewHazard
from models.projects import governance
from tests.clients import PAGE, Person
from tests.endpoints.projects.conftest import Join
from tests.endpoints.projects.traces import audited, key_of, last_audited, refused, stored

WHY = {"reason": "Replaced by another system"}


async def test_it_can_be_read_and_taken_out_again(owner: Person, project: str, hazard: str) -> None:
    mark = await last_audited()
    assert (await owner.client.post(f"{project}archive/", json=WHY)).status_code == 204
    assert (await owner.client.get(hazard)).status_code == 200
    refused(await owner.client.post(f"{hazard}edit/", json={"version": 1, "name": "No"}), 409)
    refused(await owner.client.post(f"{project}archive/", json=WHY), 409)
    assert (await owner.client.post(f"{project}unarchive/", json={"reason": "Still in use"})).status_code == 204
    assert (await owner.client.post(f"{hazard}edit/", json={"version": 1, "name": "Yes"})).status_code == 200
    refused(await owner.client.post(f"{project}unarchive/", json=WHY), 409)
    told = [(entry["action"], entry["reason"]) for entry in await audited(mark)][:2]
    assert told == [("project:archive", WHY["reason"]), ("project:unarchive", "Still in use")]


async def test_the_command_line_is_refused_too(owner: Person, project: str, hazard: str) -> None:
    await governance.archive(COMMAND_LINE, key_of(project), "Replaced")
    before = await stored()
    for actor in (COMMAND_LINE, Actor(owner.id, role=Role.OWNER)):
        with pytest.raises(ProjectArchived):
            await hazard_edits.edit(actor, key_of(project), key_of(hazard), 1, {"name": "No"})
        with pytest.raises(ProjectArchived):
            await hazard_additions.create(actor, key_of(project), [NewHazard("No")])
    assert await stored() == before


async def test_nothing_is_written_after_it_was_archived(owner: Person, project: str) -> None:
    """Whatever came first: a hazard in an archived project was recorded before it was archived."""
    key, actor = key_of(project), Actor(owner.id, role=Role.OWNER)
    writes = [hazard_additions.create(actor, key, [NewHazard(str(number))]) for number in range(6)]
    acts = [*writes[:3], governance.archive(actor, key, "Replaced"), *writes[3:]]
    answers = await asyncio.gather(*acts, return_exceptions=True)
    assert all(isinstance(answer, ProjectArchived) for answer in answers if isinstance(answer, BaseException))
    actions = [entry["action"] for entry in await audited() if entry["project_id"] == UUID(str(key))]
    assert actions[-1] == "project:archive"


async def test_pages_say_so_and_offer_nothing_that_would_be_refused(
    owner: Person, join: Join, project: str, hazard: str
) -> None:
    reader = await join(Role.VIEWER)
    await owner.client.post(f"{project}archive/", json=WHY)
    for place in (project, f"{project}hazards/", hazard, f"{project}members/"):
        page = (await owner.client.get(place, headers=PAGE)).text
        assert "This project was archived on" in page
        for act in ("edit/", "create/", "assess/", "close/", "remove/"):
            assert f'{act}"' not in page, (place, act)
    assert f"{project}unarchive/" in (await owner.client.get(project, headers=PAGE)).text
    assert f"{project}unarchive/" not in (await reader.client.get(project, headers=PAGE)).text
    form = await owner.client.get(f"{project}hazards/create/", headers=PAGE)
    assert (form.status_code, "This project is archived" in form.text) == (409, True)


async def test_the_list_has_it_last_and_can_leave_it_out(owner: Person, project: str, public_project: str) -> None:
    await owner.client.post(f"{public_project}archive/", json=WHY)
    for query, names in (("", ["Ward round", "Public round"]), ("?archived=true", ["Public round"])):
        assert [one["name"] for one in (await owner.client.get(f"/projects/{query}")).json()["data"]] == names
    found = (await owner.client.get("/projects/?archived=false")).json()["data"]
    assert [(one["name"], one["archived_date"]) for one in found] == [("Ward round", None)]
    page = (await owner.client.get("/projects/", headers=PAGE)).text
    assert page.count(">Archived</strong>") == 1


async def test_why_is_asked(owner: Person, project: str) -> None:
    for act in ("archive", "unarchive"):
        assert refused(await owner.client.post(f"{project}{act}/", json={"reason": ""})) == ["reason"]

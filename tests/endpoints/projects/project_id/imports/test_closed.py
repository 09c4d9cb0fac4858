"""A file does not do for a person what they may not do themselves: who closes no hazard imports none that is closed."""

import pytest

from models.enumerations import Role
from tests.clients import PAGE, Person
from tests.endpoints.projects.conftest import Join
from tests.endpoints.projects.project_id.imports.uploads import hazards, upload, workbook
from tests.endpoints.projects.traces import refused, stored
from tests.exchange.official_log import rated

STATUSES = ("Closed", "Transferred", "Open")
LOG = workbook(*(rated(number=number, status=status) for number, status in enumerate(STATUSES, 1)))


@pytest.mark.parametrize("role", [Role.OWNER, Role.CSO])
async def test_who_closes_hazards_brings_closed_ones(owner: Person, join: Join, project: str, role: Role) -> None:
    person = owner if role is Role.OWNER else await join(role)
    report = (await upload(person, project, LOG)).json()
    assert (report["imported"], report["left_open"]) == (3, [])
    assert [one["status"] for one in await hazards(owner, project)] == ["closed", "transferred", "open"]
    page = (await person.client.get(f"{project}imports/create/", headers=PAGE)).text
    assert "come in open" not in page


async def test_of_a_contributor_they_come_in_open_and_nothing_is_lost(owner: Person, join: Join, project: str) -> None:
    contributor = await join(Role.CONTRIBUTOR)
    page = (await contributor.client.get(f"{project}imports/create/", headers=PAGE)).text
    assert "Hazards that the file says are closed or transferred come in open" in page
    before = await stored()
    checked = (await upload(contributor, project, LOG, on_problem="check")).json()
    assert "2 that are closed or transferred in the file would come in open." in checked["detail"]
    assert [error["message"].partition(",")[0] for error in checked["errors"]] == [
        "Row 5: closed in the file and open in the log",
        "Row 6: transferred in the file and open in the log",
    ]
    assert await stored() == before
    report = (await upload(contributor, project, LOG)).json()
    told = [{"row": 5, "status": "closed"}, {"row": 6, "status": "transferred"}]
    assert (report["imported"], report["left_open"]) == (3, told)
    found = await hazards(owner, project)
    assert [(one["status"], one["recorded"]) for one in found] == [
        ("open", {"Status in the file": "closed"}),
        ("open", {"Status in the file": "transferred"}),
        ("open", None),
    ]
    shown = (await owner.client.get(report["url"], headers=PAGE)).text
    assert "Left open" in shown
    assert "Closed" in shown
    assert "Status in the file" in (await owner.client.get(found[0]["url"], headers=PAGE)).text
    refused(await contributor.client.post(f"{found[2]['url']}close/", json={"justification": "Done"}), 403)

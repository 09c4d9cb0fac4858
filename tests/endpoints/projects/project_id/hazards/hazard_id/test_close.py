"""Closing a hazard: by the owner or the CSO, once, with a reason, and when nothing stands in the way."""

import asyncio

from models.enumerations import Role
from tests.clients import PAGE, Person
from tests.endpoints.projects.conftest import Join
from tests.endpoints.projects.project_id.hazards.hazard_id import decisions, statuses
from tests.endpoints.projects.traces import refused, stored


async def test_an_open_hazard_is_closed_once(owner: Person, mild: str, public_project: str) -> None:
    await statuses.asks_why(owner, mild, "close")
    await statuses.is_nowhere_in(owner, public_project, mild, "close")
    await statuses.refuses_without_a_reason(owner, mild, "close")
    await statuses.stores_nothing_without_its_entry(owner, mild, "close")
    await statuses.leaves_one_entry(owner, mild, "close", "open")
    await statuses.refuses_twice(owner, mild, "close")


async def test_contribution_is_no_decision(owner: Person, join: Join, mild: str) -> None:
    """Who may close is the owner or the CSO, who answers for the process (DCB0129 2.3.4, 3.3.2)."""
    for role in (Role.CONTRIBUTOR, Role.REVIEWER, Role.VIEWER):
        member = await join(role)
        assert await statuses.change(member, mild, "close") == 403
        refused(await member.client.get(f"{mild}close/"), 403)
    assert await statuses.change(await join(Role.CSO), mild, "close") == 200
    assert await statuses.change(owner, mild, "reopen") == 200


async def test_of_ten_who_close_at_once_one_does(owner: Person, mild: str) -> None:
    reasons = [f"Reason {turn}" for turn in range(10)]
    answers = await asyncio.gather(
        *(owner.client.post(f"{mild}close/", json={"justification": reason}) for reason in reasons)
    )
    found = [answer.status_code for answer in answers]
    assert sorted(found) == [200] + [409] * 9
    shown = (await owner.client.get(mild)).json()
    assert (shown["version"], shown["status_justification"]) == (2, reasons[found.index(200)])


async def test_every_reason_is_listed_before_anyone_types_and_when_it_is_refused(owner: Person, hazard: str) -> None:
    await decisions.edit(owner, hazard, additional_controls=["<b>Photographs</b>"])
    fields = ["alarp", "acceptance", "controls"]
    shown = (await owner.client.get(f"{hazard}close/")).json()
    assert [one["field"] for one in shown["hindrances"]] == fields
    before = await stored()
    assert refused(await owner.client.post(f"{hazard}close/", json={"justification": "Done"}), 409) == fields
    answer = await owner.client.post(f"{hazard}close/", data={"justification": "Done <i>"}, headers=PAGE)
    assert answer.status_code == 409
    for page in (answer.text, (await owner.client.get(f"{hazard}close/", headers=PAGE)).text):
        for place in ("alarp/create/", "accept/", "#controls"):
            assert f'href="{hazard}{place}"' in page
        assert "&lt;b&gt;Photographs&lt;/b&gt;" in page
        assert "<b>Photographs" not in page
    assert "Done &lt;i&gt;</textarea>" in answer.text
    assert await stored() == before

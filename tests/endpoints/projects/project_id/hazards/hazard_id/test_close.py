"""Closing a hazard: by the owner or the CSO, once, and with a reason."""

import asyncio

from models.enumerations import Role
from tests.clients import Person
from tests.endpoints.projects.conftest import Join
from tests.endpoints.projects.project_id.hazards.hazard_id import statuses
from tests.endpoints.projects.traces import refused


async def test_an_open_hazard_is_closed_once(owner: Person, hazard: str, public_project: str) -> None:
    await statuses.asks_why(owner, hazard, "close")
    await statuses.is_nowhere_in(owner, public_project, hazard, "close")
    await statuses.refuses_without_a_reason(owner, hazard, "close")
    await statuses.stores_nothing_without_its_entry(owner, hazard, "close")
    await statuses.leaves_one_entry(owner, hazard, "close", "open")
    await statuses.refuses_twice(owner, hazard, "close")


async def test_contribution_is_no_decision(owner: Person, join: Join, hazard: str) -> None:
    """Who may close is the owner or the CSO, who answers for the process (DCB0129 2.3.4, 3.3.2)."""
    for role in (Role.CONTRIBUTOR, Role.REVIEWER, Role.VIEWER):
        member = await join(role)
        assert await statuses.change(member, hazard, "close") == 403
        refused(await member.client.get(f"{hazard}close/"), 403)
    assert await statuses.change(await join(Role.CSO), hazard, "close") == 200
    assert await statuses.change(owner, hazard, "reopen") == 200


async def test_of_twenty_who_close_at_once_one_does(owner: Person, hazard: str) -> None:
    reasons = [f"Reason {turn}" for turn in range(20)]
    answers = await asyncio.gather(
        *(owner.client.post(f"{hazard}close/", json={"justification": reason}) for reason in reasons)
    )
    found = [answer.status_code for answer in answers]
    assert sorted(found) == [200] + [409] * 19
    shown = (await owner.client.get(hazard)).json()
    assert (shown["version"], shown["status_justification"]) == (2, reasons[found.index(200)])

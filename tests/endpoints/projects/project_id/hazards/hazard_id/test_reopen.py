"""Opening a hazard again, from whichever status it had."""

from tests.clients import Person
from tests.endpoints.projects.project_id.hazards.hazard_id import statuses


async def test_an_open_hazard_is_not_opened(owner: Person, mild: str) -> None:
    await statuses.refuses_twice(owner, mild, "reopen")


async def test_a_closed_hazard_is_opened_once(owner: Person, mild: str, public_project: str) -> None:
    assert await statuses.change(owner, mild, "close") == 200
    await statuses.asks_why(owner, mild, "reopen")
    await statuses.is_nowhere_in(owner, public_project, mild, "reopen")
    await statuses.refuses_without_a_reason(owner, mild, "reopen")
    await statuses.stores_nothing_without_its_entry(owner, mild, "reopen")
    await statuses.leaves_one_entry(owner, mild, "reopen", "closed")
    await statuses.refuses_twice(owner, mild, "reopen")


async def test_a_transferred_hazard_is_opened(owner: Person, theirs: str) -> None:
    assert await statuses.change(owner, theirs, "transfer") == 200
    await statuses.leaves_one_entry(owner, theirs, "reopen", "transferred")

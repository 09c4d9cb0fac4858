"""What somebody began in a role that they lose meanwhile is not stored, however long it takes."""

import asyncio
import threading
from collections.abc import Callable
from typing import Any

import pytest

from models.enumerations import Role
from models.projects import importing
from tests.clients import Person
from tests.endpoints.projects.conftest import Join
from tests.exchange.official_log import a_hazard, official_workbook_bytes


class Reading:
    """The reader of files, which waits in the middle until it is told to go on."""

    def __init__(self, read: Callable[..., Any]) -> None:
        self.read, self.loop = read, asyncio.get_running_loop()
        self.begun, self.go_on = asyncio.Event(), threading.Event()

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        self.loop.call_soon_threadsafe(self.begun.set)
        self.go_on.wait(30)
        return self.read(*arguments, **named)


@pytest.fixture
async def reading(monkeypatch: pytest.MonkeyPatch) -> Reading:
    slow = Reading(importing.read)
    monkeypatch.setattr(importing, "read", slow)
    return slow


async def importing_by(member: Person, project: str) -> int:
    files = {"file": ("log.xlsx", official_workbook_bytes([a_hazard()]))}
    return (await member.client.post(f"{project}imports/create/", files=files)).status_code


@pytest.mark.parametrize(("change", "expected"), [("remove", 404), ("edit", 403), (None, 201)])
async def test_an_import_that_is_being_read(  # noqa: PLR0913
    owner: Person, join: Join, project: str, reading: Reading, change: str | None, expected: int
) -> None:
    member = await join(Role.CONTRIBUTOR)
    listed = (await owner.client.get(f"{project}members/")).json()["data"]
    key = next(one["id"] for one in listed if one["user_id"] == str(member.id))
    task = asyncio.create_task(importing_by(member, project))
    await reading.begun.wait()
    if change:
        answer = await owner.client.post(f"{project}members/{key}/{change}/", json={"role": "viewer"})
        assert answer.is_success, answer.text
    reading.go_on.set()
    assert await task == expected
    assert (await owner.client.get(project)).json()["hazards"] == (0 if change else 1)


async def test_of_owners_who_remove_each_other_one_acts(
    owner: Person, join: Join, stranger: Person, project: str
) -> None:
    """A third owner is left, so that it is not the last owner's rule which keeps the second from acting."""
    other = await join(Role.OWNER)
    body = {"email_address": stranger.email_address, "role": "owner"}
    assert (await owner.client.post(f"{project}members/create/", json=body)).status_code == 201
    listed = (await stranger.client.get(f"{project}members/")).json()["data"]
    keys = {one["user_id"]: one["id"] for one in listed}
    answers = await asyncio.gather(
        *(
            by.client.post(f"{project}members/{keys[str(whom.id)]}/remove/")
            for by, whom in ((owner, other), (other, owner))
        )
    )
    assert sorted(answer.status_code for answer in answers) == [204, 404]

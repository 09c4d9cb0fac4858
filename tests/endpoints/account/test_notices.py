"""Choosing how often notices come by mail."""

import pytest

from models.enumerations import NoticeKind, Role
from tests.clients import PAGE, Person
from tests.endpoints.projects.conftest import Join, join
from tests.endpoints.projects.traces import audited, last_audited, refused
from tests.mailbox import letters

__all__ = ["join"]


@pytest.mark.parametrize(("choice", "count"), [("at_once", 1), ("daily", 0), ("never", 0)])
async def test_what_was_chosen_counts(owner: Person, join: Join, hazard: str, choice: str, count: int) -> None:
    reviewer, before = await join(Role.REVIEWER), await last_audited()
    answer = await reviewer.client.post("/account/notices/", data={"notices_by_mail": choice}, headers=PAGE)
    assert (answer.status_code, answer.headers["location"]) == (303, "/account/?after=notices")
    assert [one["action"] for one in await audited(before)] == (["user:notices"] if choice != "at_once" else [])
    assert (await reviewer.client.get("/account/notices/")).json() == {"notices_by_mail": choice}
    body = {"body": "A secret of a patient", "mentions": [str(reviewer.id)]}
    assert (await owner.client.post(f"{hazard}comments/create/", json=body)).is_success
    found = await letters(reviewer.email_address)
    assert len(found) == count
    for letter in found:
        assert letter.subject == "1 notice from Turva"
        assert "HAZ-001 in Ward round\nSomebody mentioned you" in letter.text
        assert "secret" not in letter.text
        assert "Wrong patient" not in letter.text
        assert letter.links[0].endswith(f"{hazard}#comments")
    listed = (await reviewer.client.get("/notices/")).json()["data"]
    assert [one["kind"] for one in listed] == [NoticeKind.MENTION]


async def test_another_choice_is_refused(owner: Person) -> None:
    for body in ({}, {"notices_by_mail": "weekly"}):
        assert refused(await owner.client.post("/account/notices/", json=body)) == ["notices_by_mail"]

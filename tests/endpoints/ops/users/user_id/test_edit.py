"""Roles: given and taken with a reason, at once; never the last administrator's, a CSO's only with a registration."""

import asyncio
from typing import Any

import pytest

from models.storage.columns import new_id
from tests import mailbox
from tests.authentication import stored
from tests.authentication.proof import long_ago
from tests.clients import PAGE, Person, SignUp

REGISTRATION = {
    "registration_body": "General Medical Council",
    "registration_number": "1234567",
}


async def edit(administrator: Person, person: Person, **roles: Any) -> Any:
    return await administrator.client.post(f"/ops/users/{person.id}/edit/", json={"reason": "Rota", **roles})


async def test_a_role_is_given_and_its_owner_signs_in_anew(administrator: Person, stranger: Person) -> None:
    assert (await edit(administrator, stranger, is_administrator=True)).status_code == 204
    assert (await stranger.client.get("/account/")).status_code == 401
    (user,) = [one for one in await stored.rows(stored.every_user()) if one["id"] == stranger.id]
    assert (user["is_administrator"], user["is_cso"], user["auth_epoch"]) == (True, False, 1)
    (entry,) = await stored.history("user:roles")
    assert (entry["before"], entry["after"]) == ({"is_administrator": False}, {"is_administrator": True})
    assert (entry["user_id"], entry["entity_id"], entry["reason"]) == (administrator.id, stranger.id, "Rota")
    (letter,) = await mailbox.letters(stranger.email_address)
    assert "Administrator: yes" in letter.text
    assert "Clinical Safety Officer: no" in letter.text


async def test_what_is_so_already_changes_nothing(administrator: Person, stranger: Person) -> None:
    assert (await edit(administrator, stranger, is_cso=False)).status_code == 204
    assert (await stranger.client.get("/account/")).status_code == 200
    assert await stored.history("user:roles") == []
    assert await mailbox.letters() == []


@pytest.mark.parametrize(
    ("profile", "registration", "status"),
    [
        ({}, "", 422),
        ({}, "Public register, seen on 3 March 2027", 204),
        (REGISTRATION, "", 204),
        ({**REGISTRATION, "registration_valid_until": "2020-01-31"}, "", 422),
        ({**REGISTRATION, "registration_valid_until": "2999-01-31"}, "", 204),
        ({"registration_body": "General Medical Council"}, "", 422),
    ],
)
async def test_a_cso_is_registered(
    administrator: Person, stranger: Person, profile: dict[str, str], registration: str, status: int
) -> None:
    await stranger.client.post("/account/profile/", json=profile)
    answer = await edit(administrator, stranger, is_cso=True, registration=registration)
    assert answer.status_code == status
    if status == 204:
        (entry,) = await stored.history("user:roles")
        assert entry["after"] == {"is_cso": True, **({"registration_recorded": registration} if registration else {})}
    else:
        assert [problem["field"] for problem in answer.json()["errors"]] == ["registration"]
        assert (await stranger.client.get("/account/")).json()["is_cso"] is False


async def test_the_last_administrator_keeps_the_role(administrator: Person, sign_up: SignUp) -> None:
    answer = await edit(administrator, administrator, is_administrator=False)
    assert (answer.status_code, answer.json()["code"]) == (409, "CONFLICT")
    other = await sign_up("other", is_administrator=True)
    await stored.set_user(other.id, is_active=False)
    assert (await edit(administrator, administrator, is_administrator=False)).status_code == 409
    await stored.set_user(other.id, is_active=True)
    assert (await edit(administrator, administrator, is_administrator=False)).status_code == 204
    assert (await administrator.client.get("/account/")).status_code == 401


async def test_two_administrators_who_take_each_others_role(administrator: Person, sign_up: SignUp) -> None:
    """One of them remains, whoever comes first."""
    other = await sign_up("other", is_administrator=True)
    answers = await asyncio.gather(
        edit(administrator, other, is_administrator=False), edit(other, administrator, is_administrator=False)
    )
    assert min(answer.status_code for answer in answers) == 204
    assert {answer.status_code for answer in answers} <= {204, 401, 403, 409}
    users = await stored.rows(stored.every_user())
    assert [one["is_administrator"] for one in users].count(True) == 1


async def test_what_is_refused(administrator: Person, stranger: Person) -> None:
    for body in ({}, {"reason": " "}, {"reason": "x", "is_active": False}, {"reason": "x", "is_cso": "perhaps"}):
        answer = await administrator.client.post(f"/ops/users/{stranger.id}/edit/", json=body)
        assert answer.status_code == 422
    answer = await administrator.client.post(f"/ops/users/{new_id()}/edit/", json={"reason": "x", "is_cso": False})
    assert answer.status_code == 404


async def test_it_needs_recent_proof(administrator: Person, stranger: Person) -> None:
    await long_ago(administrator.id)
    assert (await edit(administrator, stranger, is_administrator=True)).json()["code"] == "STEP_UP_REQUIRED"
    page = await administrator.client.get(f"/ops/users/{stranger.id}/edit/", headers=PAGE)
    assert page.headers["location"].startswith("/account/confirm/?next=")


async def test_the_form(administrator: Person, stranger: Person) -> None:
    here = f"/ops/users/{stranger.id}/edit/"
    body = {"is_administrator": "true", "is_cso": "false", "registration": "", "reason": ""}
    refused = await administrator.client.post(here, data=body, headers=PAGE)
    assert refused.status_code == 422
    assert 'href="#reason"' in refused.text
    assert 'id="is_administrator" name="is_administrator" type="radio" value="true" checked' in refused.text
    done = await administrator.client.post(here, data={**body, "reason": "Rota"}, headers=PAGE)
    assert (done.status_code, done.headers["location"]) == (303, f"/ops/users/{stranger.id}/")

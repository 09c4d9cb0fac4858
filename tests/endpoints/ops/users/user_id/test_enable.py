"""Enabling: the owner signs in again, and what was ended stays ended."""

from tests import mailbox
from tests.authentication import stored
from tests.clients import PAGE, PASSWORD, Person


async def test_the_owner_signs_in_again(administrator: Person, stranger: Person) -> None:
    here = f"/ops/users/{stranger.id}/"
    assert (await administrator.client.post(f"{here}disable/", json={"reason": "Away"})).status_code == 204
    assert (await administrator.client.post(f"{here}enable/", json={"reason": "Back"})).status_code == 204
    assert (await stranger.client.get("/account/")).status_code == 401
    body = {"email_address": stranger.email_address, "password": PASSWORD}
    assert (await stranger.client.post("/auth/login/", json=body)).status_code == 200
    (entry,) = await stored.history("user:enable")
    assert (entry["reason"], entry["before"], entry["after"]) == ("Back", {"is_active": False}, {"is_active": True})
    assert [one.template for one in await mailbox.letters(stranger.email_address)][-1] == "account_enabled"


async def test_who_is_active_stays_so(administrator: Person, stranger: Person) -> None:
    here = f"/ops/users/{stranger.id}/enable/"
    assert (await administrator.client.get(here, headers=PAGE)).status_code == 200
    assert (await administrator.client.post(here, json={"reason": "Back"})).status_code == 409
    assert (await administrator.client.post(here, json={})).status_code == 422

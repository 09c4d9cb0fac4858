"""Removing a passkey: one's own, and never the last factor of who needs one."""

import pytest

from tests.authentication import stored
from tests.authentication.devices import Device
from tests.authentication.named import SIGN_IN, with_passkey
from tests.clients import Person

PLACE = "/account/second_factor/passkeys/{}/remove/"


async def test_it_opens_nothing_any_more(owner: Person) -> None:
    device = Device()
    key = await with_passkey(owner, device)
    assert (await owner.client.post(PLACE.format(key))).status_code == 204
    assert len(await stored.history("second_factor:remove_passkey")) == 1
    options = (await owner.client.get(SIGN_IN)).json()["passkey"]
    assert (await owner.client.post(SIGN_IN, json={"passkey": device.get(options)})).status_code == 401
    assert (await owner.client.post(PLACE.format(key))).status_code == 404


async def test_that_of_others_is_not_there(owner: Person, stranger: Person) -> None:
    key = await with_passkey(owner, Device())
    assert (await stranger.client.post(PLACE.format(key))).status_code == 404
    assert len((await owner.client.get("/account/second_factor/")).json()["passkeys"]) == 1


@pytest.mark.parametrize(("others", "status"), [(0, 409), (1, 204)])
async def test_the_last_factor_of_who_needs_one_stays(owner: Person, others: int, status: int) -> None:
    key = await with_passkey(owner, Device())
    for number in range(others):
        await with_passkey(owner, Device(), f"Key {number}")
    await stored.set_user(owner.id, needs_second_factor=True)
    assert (await owner.client.post(PLACE.format(key))).status_code == status

"""The application as people reach it by a name, and passkeys of theirs."""

import pytest

from config import Settings, load_settings
from tests.authentication.devices import ORIGIN, Device
from tests.clients import Person, environment

CREATE = "/account/second_factor/passkeys/create/"
SIGN_IN = "/auth/passkey/"


@pytest.fixture
def settings(database_url: str) -> Settings:
    return load_settings(environment(database_url, PUBLIC_URL=ORIGIN))


async def with_passkey(person: Person, device: Device, name: str = "Phone") -> str:
    """Add it as people do; its identifier."""
    options = (await person.client.get(CREATE)).json()["passkey"]
    answer = await person.client.post(CREATE, json={"name": name, "passkey": device.create(options)})
    assert answer.status_code == 204, answer.text
    listed = (await person.client.get("/account/second_factor/")).json()["passkeys"]
    return str(next(one["id"] for one in listed if one["name"] == name))

"""People with second factors, and the clock that their apps show codes by, which a test moves."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import httpx
import pyotp
import pytest
import sqlalchemy as sa

from authentication import totp
from models.storage.columns import utc_now
from models.storage.database import database
from tests.authentication import stored
from tests.clients import PASSWORD, Person

APP = "/account/second_factor/app/"
CODES = "/account/second_factor/recovery_codes/"
SECOND = "/auth/second_factor/"
KEY = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@dataclass
class Clock:
    """Codes change every 30 seconds by it; nothing else goes by it."""

    now: datetime

    def advance(self, seconds: float = 30) -> None:
        self.now += timedelta(seconds=seconds)

    def code(self, key: str) -> str:
        return pyotp.TOTP(key).at(self.now)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """In the middle of a time step, where it stands still."""
    now = utc_now()
    ticking = Clock(now - timedelta(seconds=now.timestamp() % 30 - 15))
    monkeypatch.setattr(totp, "utc_now", lambda: ticking.now)
    return ticking


def code_now(key: str) -> str:
    """By the clock of the application, which may stand still."""
    return pyotp.TOTP(key).at(vars(totp)["utc_now"]())


async def with_app(person: Person, clock: Clock) -> str:
    """Set up an app as people do; its key. The next code is one that was not used."""
    setup = (await person.client.get(APP)).json()
    answer = await person.client.post(APP, json={"draft": setup["draft"], "code": clock.code(setup["key"])})
    assert answer.status_code == 204, answer.text
    clock.advance()
    return str(setup["key"])


async def with_codes(person: Person) -> list[str]:
    fresh = (await person.client.get(CODES)).json()
    answer = await person.client.post(CODES, json={"draft": fresh["draft"]})
    assert answer.status_code == 204, answer.text
    return list(fresh["codes"])


async def first_step(client: httpx.AsyncClient, person: Person) -> str:
    """The right password; the secret for the second step."""
    answer = await client.post("/auth/login/", json={"email_address": person.email_address, "password": PASSWORD})
    assert (answer.status_code, answer.json()["code"]) == (202, "SECOND_FACTOR_NEEDED"), answer.text
    return str(answer.json()["second_factor"])


async def store_app(user_id: UUID, key: str = KEY) -> None:
    """An app that was set up without a request, and none of whose codes was used."""
    async with database.transaction():
        await totp.store(user_id, key, 0)


async def forget(user_id: UUID) -> None:
    await stored.change(sa.delete(totp.SECRETS).where(totp.SECRETS.c.user_id == user_id))

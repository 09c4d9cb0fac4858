"""Secrets and what is stored of them reach no log, no history and no answer (OWASP ASVS 5.0, 16.2.5)."""

import logging
from collections.abc import Iterator
from dataclasses import replace

import pytest
from argon2 import PasswordHasher
from fastapi import FastAPI

from config import Settings
from main import configure_logging
from tests.authentication import stored
from tests.clients import PASSWORD, Person, SignUp, connect


@pytest.fixture
def everything_logged(settings: Settings, capsys: pytest.CaptureFixture[str]) -> Iterator[None]:
    """All that the service logs at its most talkative, on standard error."""
    root, sqlite = logging.getLogger(), logging.getLogger("aiosqlite")
    before = root.handlers, root.level, sqlite.level
    root.handlers = []
    configure_logging(replace(settings, LOG_LEVEL="debug"))
    yield
    root.handlers, root.level, sqlite.level = before
    root.manager._clear_cache()  # type: ignore[attr-defined]


async def test_secrets_reach_nothing_but_the_cookie(
    everything_logged: None, app: FastAPI, sign_up: SignUp, administrator: Person, capsys: pytest.CaptureFixture[str]
) -> None:
    person = await sign_up("ada")
    app.state.passwords._hasher = PasswordHasher(time_cost=2, memory_cost=128, parallelism=1)  # renews the hash
    async with connect(app) as client:
        body = {"email_address": person.email_address, "password": PASSWORD}
        await client.post("/auth/login/", json={**body, "password": f"{PASSWORD} mistyped"})
        cookie = (await client.post("/auth/login/", json=body)).cookies["turva_session"]
        answers = [await client.get("/account/"), await client.get("/account/sessions/")]
        answers += [await administrator.client.get("/ops/sessions/"), await client.get("/no/such/page/")]
        answers += [await client.post("/auth/logout/"), await client.get("/account/")]
    logged = capsys.readouterr().err
    assert "DEBUG" in logged
    history = await stored.history()
    assert {entry["action"] for entry in history} >= {
        "user:create",
        "user:renew_hash",
        "session:start",
        "session:revoke",
    }
    hashes = [session["token_hash"] for session in await stored.sessions_of(person.id)]
    secrets = [*cookie.split("."), PASSWORD, "$argon2id$", *(one.hex() for one in hashes), *map(repr, hashes)]
    told = [logged, str(history), *(answer.text for answer in answers)]
    assert not [one for one in secrets if any(one in text for text in told)]

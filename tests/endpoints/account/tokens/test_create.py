"""A token is made after recent proof, shown once, and holds no more than what was asked for."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from fastapi import FastAPI

from authentication.sessions import SESSIONS
from config import load_settings
from main import create_app
from models.storage.columns import new_id, utc_now
from tests.authentication import stored
from tests.authentication.proof import long_ago
from tests.authentication.writes import everything
from tests.clients import PAGE, Person, connect, environment
from tests.tokens import CREATE, make, program

TOKEN = re.compile(r"turva_[\w-]{43}\.[\w-]{43}")


async def test_it_is_made_and_works(app: FastAPI, owner: Person) -> None:
    made = await make(owner, "write", "read", "read", label="  Nightly export ", days=30)
    assert TOKEN.fullmatch(made["token"])
    assert (made["label"], made["scopes"]) == ("Nightly export", ["read", "write"])
    lives = datetime.fromisoformat(made["absolute_expiry"]) - utc_now()
    assert timedelta(days=29, hours=23) < lives <= timedelta(days=30)
    async with program(app, made["token"]) as client:
        assert (await client.get("/account/")).json()["email_address"] == owner.email_address


async def test_it_is_shown_once(owner: Person) -> None:
    made = await make(owner, "read")
    secret = made["token"].partition("_")[2].split(".")[0]
    kept = str(await everything())
    listed = (await owner.client.get("/account/tokens/")).text + (await owner.client.get("/account/sessions/")).text
    assert made["id"] in listed
    assert secret not in kept + listed


async def test_history_tells_of_it(owner: Person) -> None:
    made = await make(owner, "read", "members", days=1)
    (entry,) = await stored.history("token:create")
    assert (str(entry["entity_id"]), entry["user_id"]) == (made["id"], owner.id)
    told = {"user": str(owner.id), "kind": "token", "label": "Export", "scopes": "members read"}
    assert {**entry["after"], "absolute_expiry": None} == {**told, "absolute_expiry": None}


async def test_the_page_shows_it_and_a_second_sending_makes_no_second(owner: Person) -> None:
    page = await owner.client.get(CREATE, headers=PAGE)
    identity = re.search(r'name="id" value="([^"]+)"', page.text)
    assert identity is not None
    form = {"id": identity[1], "label": "Export", "scopes": "read", "days": "7"}
    made = await owner.client.post(CREATE, data=form, headers=PAGE)
    assert (made.status_code, made.headers["cache-control"]) == (201, "no-store")
    assert len(TOKEN.findall(made.text)) == 1
    again = await owner.client.post(CREATE, data=form, headers=PAGE)
    assert again.status_code == 409
    assert "This token was made already" in again.text
    assert not TOKEN.search(again.text)
    assert len(await stored.sessions_of(owner.id)) == 2


async def test_a_refused_form_keeps_what_was_chosen(owner: Person) -> None:
    form = {"id": str(new_id()), "label": "", "scopes": ["read", "write"], "days": "1000"}
    page = await owner.client.post(CREATE, data=form, headers=PAGE)
    assert page.status_code == 422
    assert page.text.count(" checked") == 2
    assert 'value="1000"' in page.text


@pytest.mark.parametrize(
    "changed",
    [{"scopes": []}, {"scopes": ["everything"]}, {"scopes": ["ops"]}, {"days": 0}, {"days": 366}, {"label": " "}],
)
async def test_what_is_refused(owner: Person, changed: dict[str, Any]) -> None:
    body = {"label": "Export", "scopes": ["read"], **changed}
    answer = await owner.client.post(CREATE, json=body)
    assert answer.status_code == 422
    assert [problem["field"].split(".")[0] for problem in answer.json()["errors"]] == list(changed)
    assert len(await stored.sessions_of(owner.id)) == 1


async def test_scopes_of_administrators_are_theirs(administrator: Person) -> None:
    assert (await make(administrator, "ops"))["scopes"] == ["ops"]
    assert "ops" in (await administrator.client.get(CREATE)).json()["scopes"]


async def test_asvs_7_5_1_it_needs_recent_proof(owner: Person) -> None:
    await long_ago(owner.id)
    answer = await owner.client.post(CREATE, json={"label": "Export", "scopes": ["read"]})
    assert (answer.status_code, answer.json()["code"]) == (403, "STEP_UP_REQUIRED")
    assert len(await stored.sessions_of(owner.id)) == 1


async def test_an_identity_that_is_taken_stays_who_it_is(owner: Person, stranger: Person) -> None:
    taken = str(await stored.session_id(stranger.id))
    answer = await owner.client.post(CREATE, json={"id": taken, "label": "Export", "scopes": ["read"]})
    assert answer.status_code == 409
    assert (await stranger.client.get("/account/")).status_code == 200


async def test_no_longer_than_the_setting(database_url: str, app: FastAPI, owner: Person) -> None:
    shorter = create_app(load_settings(environment(database_url, API_TOKEN_DAYS="5")))
    async with connect(shorter, cookies=dict(owner.client.cookies)) as client:
        assert (await client.get(CREATE)).json()["days"] == 5
        body = {"label": "Export", "scopes": ["read"]}
        assert (await client.post(CREATE, json={**body, "days": 6})).status_code == 422
        assert (await client.post(CREATE, json={**body, "days": 5})).status_code == 201
    assert app is not shorter


async def test_it_does_not_count_among_the_sessions_that_one_may_have(app: FastAPI, owner: Person) -> None:
    for _ in range(app.state.settings.SESSIONS_PER_USER + 1):
        await make(owner, "read")
    alive = sa.select(SESSIONS).where(SESSIONS.c.revoked_at.is_(None), SESSIONS.c.user_id == owner.id)
    assert len(await stored.rows(alive)) == app.state.settings.SESSIONS_PER_USER + 2

"""Proving again who one is: sensitive acts ask for it, and the session gets a new secret (ASVS 7.2.4, 7.5.1)."""

from datetime import timedelta
from urllib.parse import quote

import httpx
import pytest
from fastapi import FastAPI

from authentication.sessions import RECENT, LiveSession, SignedInUser
from endpoints._links import PROJECTS
from models.enumerations import Factors, SessionKind
from models.storage.columns import new_id, utc_now
from tests.authentication import stored
from tests.authentication.proof import long_ago, proved
from tests.clients import PAGE, PASSWORD, Person, connect
from tests.endpoints.auth.test_login import ELSEWHERE

CONFIRM = "/account/confirm/"
ORDER = {"everyone": True, "reason": "Drill"}
PUBLIC = {"name": "Ward round", "visibility": "public"}
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(("ago", "status"), [(RECENT - 10 * SECOND, 200), (RECENT, 403)])
async def test_asvs_7_5_1_proof_counts_for_five_minutes(administrator: Person, ago: timedelta, status: int) -> None:
    await proved(administrator.id, ago)
    answer = await administrator.client.post("/ops/sessions/revoke/", json=ORDER)
    assert answer.status_code == status
    assert status == 200 or answer.json()["code"] == "STEP_UP_REQUIRED"


async def test_asvs_7_5_2_ending_a_session_of_one_s_own_needs_proof(owner: Person) -> None:
    await long_ago(owner.id)
    session = await stored.session_id(owner.id)
    answer = await owner.client.post(f"/account/sessions/{session}/revoke/")
    assert (answer.status_code, answer.json()["code"]) == (403, "STEP_UP_REQUIRED")
    assert (await owner.client.get("/account/")).status_code == 200


async def test_making_a_project_public_needs_proof(owner: Person) -> None:
    await long_ago(owner.id)
    assert (await owner.client.post("/projects/create/", json={"name": "Ward round"})).status_code == 201
    answer = await owner.client.post("/projects/create/", json=PUBLIC)
    assert (answer.status_code, answer.json()["code"]) == (403, "STEP_UP_REQUIRED")
    page = await owner.client.post("/projects/create/", data=PUBLIC, headers=PAGE)
    back = "/projects/create/?draft=use"
    assert (page.status_code, page.headers["location"]) == (303, f"{CONFIRM}?next={quote(back, safe='')}")
    await owner.client.post(CONFIRM, json={"password": PASSWORD})
    assert 'value="Ward round"' in (await owner.client.get(back, headers=PAGE)).text
    assert (await owner.client.post("/projects/create/", data=PUBLIC, headers=PAGE)).status_code == 303


async def test_asvs_7_2_4_confirming_gives_the_session_a_new_secret(app: FastAPI, owner: Person) -> None:
    await long_ago(owner.id)
    before = dict(owner.client.cookies)
    (old,) = await stored.sessions_of(owner.id)
    answer = await owner.client.post(CONFIRM, json={"password": PASSWORD})
    assert answer.status_code == 204
    (new,) = await stored.sessions_of(owner.id)
    assert new["id"] == old["id"]
    assert new["authenticated_at"] > old["authenticated_at"]
    assert new["factors"] is Factors.PASSWORD
    assert (await owner.client.get("/account/")).status_code == 200
    async with connect(app, cookies=before) as thief:
        assert (await thief.get("/account/")).status_code == 401
    (entry,) = await stored.history("session:confirm")
    assert (entry["entity_id"], entry["user_id"]) == (new["id"], owner.id)


async def test_a_wrong_password_confirms_nothing(owner: Person) -> None:
    await long_ago(owner.id)
    (before,) = await stored.sessions_of(owner.id)
    answer = await owner.client.post(CONFIRM, json={"password": "wrong"})
    assert (answer.status_code, answer.json()["code"]) == (401, "INVALID_CREDENTIALS")
    assert await stored.sessions_of(owner.id) == [before]
    page = await owner.client.post(CONFIRM, data={"password": "wrong", "next": "/account/"}, headers=PAGE)
    assert page.status_code == 401
    assert "This is not right" in page.text
    assert 'name="next" value="/account/"' in page.text


async def test_a_browser_is_led_there_and_back(administrator: Person) -> None:
    await long_ago(administrator.id)
    wanted = "/ops/sessions/revoke/?email_address=a%40example.org"
    sent = await administrator.client.get(wanted, headers=PAGE)
    assert (sent.status_code, sent.headers["location"]) == (303, f"{CONFIRM}?next={quote(wanted, safe='')}")
    place = (await administrator.client.get(sent.headers["location"])).json()["next"]
    answer = await administrator.client.post(CONFIRM, data={"password": PASSWORD, "next": place}, headers=PAGE)
    assert (answer.status_code, answer.headers["location"]) == (303, wanted)
    assert (await administrator.client.get(wanted, headers=PAGE)).status_code == 200


async def test_asvs_3_7_2_confirming_leads_to_no_other_site(owner: Person) -> None:
    for elsewhere in ELSEWHERE:
        form = {"password": PASSWORD, "next": elsewhere}
        answer = await owner.client.post(CONFIRM, data=form, headers=PAGE)
        assert (answer.status_code, answer.headers["location"]) == (303, PROJECTS)


async def test_a_session_that_ended_meanwhile_is_not_renewed(owner: Person, client: httpx.AsyncClient) -> None:
    assert (await client.post(CONFIRM, json={"password": PASSWORD})).status_code == 401
    await stored.set_user(owner.id, auth_epoch=7)
    assert (await owner.client.post(CONFIRM, json={"password": PASSWORD})).status_code == 401


def test_a_program_can_never_have_proved_it_recently() -> None:
    """A token that somebody else holds must not do what a stolen session may not."""
    user = SignedInUser(new_id(), "A", "B", "a@example.org", True, False, True, False)
    held = {
        kind: LiveSession(new_id(), kind, Factors.PASSKEY, utc_now(), "", utc_now(), user).auth for kind in SessionKind
    }
    assert [kind for kind, auth in held.items() if "recent" in auth] == [SessionKind.BROWSER]

"""A token in `Authorization` counts alone: never the cookie beside it, never in the place of a cookie."""

from collections.abc import Sequence
from datetime import timedelta

import httpx
import pytest
import sqlalchemy as sa
from fastapi import FastAPI

from authentication import bearer, revocation
from authentication.sessions import SESSIONS, policy_of
from authentication.tokens import Tokens
from config import Settings, load_settings
from models.audit.audit import COMMAND_LINE
from models.storage.columns import utc_now
from tests.authentication import stored
from tests.clients import PAGE, Person, connect, environment
from tests.tokens import make, program


@pytest.mark.parametrize(
    ("headers", "text"),
    [
        ([], None),
        (["Basic YTpi"], None),
        (["Bearer turva_x"], "x"),
        (["bEARER   turva_x  "], "x"),
        (["Bearer"], ""),
        (["Bearer x"], ""),
        (["Bearer Turva_x"], ""),
        (["Bearer turva_x", "Bearer turva_x"], ""),
        (["Basic YTpi", "Bearer turva_x"], ""),
        (["Bearer, turva_x"], None),
    ],
)
def test_what_a_request_claims(headers: Sequence[str], text: str | None) -> None:
    assert bearer.sent({"headers": [(b"authorization", value.encode()) for value in headers]}) == text


@pytest.fixture
async def token(owner: Person) -> str:
    return str((await make(owner, "read"))["token"])


def garbage(token: str) -> list[str]:
    mended = token.removeprefix("turva_")
    foreign = Tokens(["of another installation 0123456789"])
    return [
        "", "x", "turva_", mended, token[:-1], token + "x", token.upper(), f"turva_{token}", f"{token} {token}",
        token.replace(".", ""), "turva_" + foreign.cookie(foreign.new()), "x" * 60_000,
    ]  # fmt: skip


async def test_garbage_beside_a_cookie_that_works(owner: Person, token: str) -> None:
    for sent in garbage(token):
        for path in ("/account/", "/health/", "/projects/"):
            answer = await owner.client.get(path, headers={"Authorization": f"Bearer {sent}"})
            assert (answer.status_code, answer.json()["code"]) == (401, "INVALID_TOKEN"), sent
            assert answer.headers["www-authenticate"] == 'Bearer error="invalid_token"'
    assert (await owner.client.get("/account/")).status_code == 200, "and the session goes on"


async def test_the_token_alone_counts(owner: Person, stranger: Person, token: str) -> None:
    both = {"Authorization": f"Bearer {token}"}
    assert (await stranger.client.get("/account/", headers=both)).json()["email_address"] == owner.email_address
    denied = await stranger.client.post("/projects/create/", json={"name": "Ward round"}, headers=both)
    assert denied.json()["code"] == "INSUFFICIENT_SCOPE"
    assert denied.headers["www-authenticate"] == 'Bearer error="insufficient_scope", scope="write"'


async def test_a_browser_is_never_led_to_sign_in_by_a_bad_token(owner: Person) -> None:
    page = await owner.client.get("/account/", headers={**PAGE, "Authorization": "Bearer turva_x"})
    assert page.status_code == 401
    assert "The token does not work" in page.text


async def test_each_secret_works_in_its_place_only(app: FastAPI, owner: Person, token: str) -> None:
    cookie = owner.client.cookies["turva_session"]
    async with program(app, f"turva_{cookie}") as client:
        assert (await client.get("/account/")).status_code == 401
    async with connect(app, cookies={"turva_session": token.removeprefix("turva_")}) as client:
        assert (await client.get("/account/")).status_code == 401


async def test_a_proxy_with_a_password_of_its_own_is_not_in_the_way(owner: Person) -> None:
    assert (await owner.client.get("/account/", headers={"Authorization": "Basic YTpi"})).status_code == 200


async def test_who_is_not_signed_in_is_told_how(client: httpx.AsyncClient) -> None:
    """RFC 9110, 15.5.2."""
    answer = await client.get("/account/")
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")


async def test_it_ends_with_its_time(app: FastAPI, owner: Person, token: str) -> None:
    ended = sa.update(SESSIONS).where(SESSIONS.c.kind == "token").values(absolute_expiry=utc_now())
    async with program(app, token) as client:
        assert (await client.get("/account/")).status_code == 200
        await stored.change(ended)
        assert (await client.get("/account/")).status_code == 401
    assert (await owner.client.get("/account/")).status_code == 200


async def test_it_ends_with_a_change_of_its_account(app: FastAPI, owner: Person, token: str) -> None:
    session = next(row["id"] for row in await stored.sessions_of(owner.id) if row["kind"] == "browser")
    async with program(app, token) as client:
        assert await revocation.end_all(COMMAND_LINE, owner.id, "password changed", keep=session) == 1
        assert (await client.get("/account/")).status_code == 401
    assert (await owner.client.get("/account/")).status_code == 200


async def test_it_is_dead_though_it_was_being_made_while_the_account_changed(app: FastAPI, owner: Person) -> None:
    made = await make(owner, "read")
    epoch = sa.update(SESSIONS).where(SESSIONS.c.kind == "token").values(auth_epoch=0)
    session = next(row["id"] for row in await stored.sessions_of(owner.id) if row["kind"] == "browser")
    await revocation.end_all(COMMAND_LINE, owner.id, "password changed", keep=session)
    await stored.change(epoch.values(revoked_at=None, revoked_reason=None))
    async with program(app, made["token"]) as client:
        assert (await client.get("/account/")).status_code == 401


async def test_an_account_that_is_switched_off_has_no_tokens(app: FastAPI, owner: Person, token: str) -> None:
    async with program(app, token) as client:
        await stored.set_user(owner.id, is_active=False)
        assert (await client.get("/account/")).status_code == 401


async def test_signing_out_ends_it(app: FastAPI, owner: Person, token: str) -> None:
    """Whoever finds a token that leaked can make it worthless, and nothing else of its owner."""
    async with program(app, token) as client:
        assert (await client.post("/auth/logout/")).status_code == 204
        assert (await client.get("/account/")).status_code == 401
    assert (await owner.client.get("/account/")).status_code == 200


async def test_history_names_the_token(app: FastAPI, owner: Person) -> None:
    made = await make(owner, "write")
    async with program(app, made["token"]) as client:
        assert (await client.post("/projects/create/", json={"name": "Ward round"})).status_code == 201
    assert {str(entry["session_id"]) for entry in await stored.history("project:create")} == {made["id"]}


async def test_a_key_that_is_taken_away_takes_its_tokens(app: FastAPI, settings: Settings, token: str) -> None:
    key = settings.SECRET_KEY[0]
    new = "a-newer-key-for-tests-0123456789-abcdefgh"
    for keys, status in ((f"{new},{key}", 200), (new, 401)):
        app.state.sessions.tokens.__dict__.update(Tokens(keys.split(",")).__dict__)
        async with program(app, token) as client:
            assert (await client.get("/account/")).status_code == status
    later = policy_of(load_settings(environment(settings.DATABASE_URL)))
    assert later.idle == timedelta(minutes=30)

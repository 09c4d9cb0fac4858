"""How long a session lives: two limits to the microsecond, the state of the account; a new secret at each sign-in."""

from collections.abc import Callable
from datetime import datetime, timedelta

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import event

from authentication import cookies, sessions
from authentication.sign_in import Client, printable, start
from authentication.tokens import Tokens
from config import Settings, load_settings
from errors import Unavailable
from main import create_app
from models.storage.columns import utc_now
from models.storage.database import database
from tests.authentication import stored
from tests.authentication.statements import counted
from tests.clients import PASSWORD, Person, connect, environment

IDLE, ABSOLUTE, STEP = timedelta(minutes=30), timedelta(hours=12), timedelta(minutes=1)
MICROSECOND = timedelta(microseconds=1)
SetClock = Callable[[datetime], None]


@pytest.fixture
def set_clock(monkeypatch: pytest.MonkeyPatch) -> SetClock:
    """Sessions see this time until it is set again."""

    def to(now: datetime) -> None:
        monkeypatch.setattr(sessions, "utc_now", lambda: now)

    return to


async def is_alive(person: Person) -> bool:
    status = (await person.client.get("/account/")).status_code
    assert status in {200, 401}
    return status == 200


@pytest.mark.parametrize(("early", "alive"), [(MICROSECOND, True), (0 * MICROSECOND, False), (-MICROSECOND, False)])
async def test_idle_limit(owner: Person, set_clock: SetClock, early: timedelta, alive: bool) -> None:
    now = utc_now()
    await stored.used(await stored.session_id(owner.id), at=now)
    set_clock(now + IDLE - early)
    assert await is_alive(owner) is alive


@pytest.mark.parametrize(("early", "alive"), [(MICROSECOND, True), (0 * MICROSECOND, False), (-MICROSECOND, False)])
async def test_absolute_limit(owner: Person, set_clock: SetClock, early: timedelta, alive: bool) -> None:
    """However busy it is."""
    (session,) = await stored.sessions_of(owner.id)
    end = session["absolute_expiry"]
    assert end == session["created_date"] + ABSOLUTE
    await stored.used(session["id"], at=end - 2 * MICROSECOND)
    set_clock(end - early)
    assert await is_alive(owner) is alive


async def test_use_keeps_it_alive_until_the_absolute_limit(owner: Person, set_clock: SetClock) -> None:
    began = utc_now()
    worked = IDLE - STEP
    for often in range(1, 25):
        set_clock(began + often * worked)
        alive = await is_alive(owner)
        assert alive is (often * worked < ABSOLUTE), often


async def test_a_session_that_ended_by_a_limit_is_not_woken_by_its_last_request(
    owner: Person, set_clock: SetClock
) -> None:
    set_clock(utc_now() + IDLE + STEP)
    assert not await is_alive(owner)
    assert not await is_alive(owner)


@pytest.mark.parametrize(("after", "written"), [(STEP - MICROSECOND, False), (STEP, True), (IDLE / 2, True)])
async def test_activity_is_written_once_a_minute_and_not_in_the_session(
    owner: Person, set_clock: SetClock, after: timedelta, written: bool
) -> None:
    began = utc_now()
    (before,) = await stored.sessions_of(owner.id)
    await stored.used(before["id"], at=began)
    set_clock(began + after)
    with counted() as sent:
        for _ in range(5):
            assert await is_alive(owner)
    assert len(sent) == 5 + written
    assert [statement for statement in sent if not statement.startswith("SELECT")] == [sent[1]][:written]
    assert sent[1].startswith("UPDATE session_activity") is written
    assert await stored.last_use(before["id"]) == (began + after if written else began)
    assert await stored.sessions_of(owner.id) == [before]


@pytest.mark.parametrize("minutes", [1, 2, 30, 240])
async def test_people_at_work_stay_signed_in(database_url: str, set_clock: SetClock, minutes: int) -> None:
    """Also when the limit is as short as the usual time between two notes of activity."""
    changed = {"SESSION_IDLE_MINUTES": str(minutes), "SESSION_ABSOLUTE_HOURS": "24"}
    app = create_app(load_settings(environment(database_url, **changed)))
    began, idle = utc_now(), timedelta(minutes=minutes)
    async with app.router.lifespan_context(app), connect(app) as client:
        await stored.add_person("ada@example.org", await app.state.passwords.hash(PASSWORD))
        await client.post("/auth/login/", json={"email_address": "ada@example.org", "password": PASSWORD})
        for often in range(1, 9):
            set_clock(began + often * idle * 0.7)
            assert (await client.get("/account/")).status_code == 200, often
        set_clock(began + 8 * idle * 0.7 + idle)
        assert (await client.get("/account/")).status_code == 401


async def test_a_note_that_cannot_be_written_hinders_nobody(owner: Person, set_clock: SetClock) -> None:
    def busy(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.startswith("UPDATE session_activity"):
            raise Unavailable

    set_clock(utc_now() + 2 * STEP)
    engine = database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", busy)
    assert await is_alive(owner)
    event.remove(engine, "before_cursor_execute", busy)
    with counted() as sent:
        assert await is_alive(owner)
    assert len(sent) == 2, "the next request notes it"


@pytest.mark.parametrize("change", [{"is_active": False}, {"auth_epoch": 1}])
async def test_the_account_ends_all_its_sessions_at_once(
    app: FastAPI, owner: Person, stranger: Person, change: dict[str, object]
) -> None:
    async with connect(app) as other:
        await other.post("/auth/login/", json={"email_address": owner.email_address, "password": PASSWORD})
        assert (await other.get("/account/")).status_code == 200
        await stored.set_user(owner.id, **change)
        assert (await other.get("/account/")).status_code == 401
    assert not await is_alive(owner)
    assert await is_alive(stranger)


async def test_rights_are_those_of_the_account_now(owner: Person) -> None:
    """OWASP ASVS 5.0, 8.3.2: nothing about rights is kept in a session."""
    for flag, status in ((True, 200), (False, 403), (True, 200)):
        await stored.set_user(owner.id, is_administrator=flag)
        assert (await owner.client.get("/ops/sessions/")).status_code == status
        assert (await owner.client.get("/account/")).json()["is_administrator"] is flag


async def sign_in(client: httpx.AsyncClient, person: Person, cookie: str | None = None) -> str:
    """The cookie that signing in gives to a browser that came with another, or with none."""
    headers = {"cookie": f"turva_session={cookie}"} if cookie is not None else {}
    body = {"email_address": person.email_address, "password": PASSWORD}
    answer = await client.post("/auth/login/", json=body, headers=headers)
    assert answer.status_code == 200
    client.cookies.clear()
    return answer.cookies[cookies.PLAIN]


async def status_with(client: httpx.AsyncClient, cookie: str) -> int:
    return (await client.get("/account/", headers={"cookie": f"turva_session={cookie}"})).status_code


async def test_a_planted_cookie_is_never_adopted(app: FastAPI, client: httpx.AsyncClient, owner: Person) -> None:
    tokens: Tokens = app.state.sessions.tokens
    ended = await sign_in(client, owner)
    await client.post("/auth/logout/", headers={"cookie": f"turva_session={ended}"})
    never = tokens.cookie(tokens.new())
    for planted in ("", "garbage", never, ended):
        given = await sign_in(client, owner, planted)
        assert given != planted
        assert await status_with(client, given) == 200
        assert await status_with(client, planted) == 401


async def test_every_sign_in_has_a_secret_and_an_id_of_its_own(client: httpx.AsyncClient, owner: Person) -> None:
    given = {await sign_in(client, owner) for _ in range(5)}
    assert len(given) == 5
    assert {await status_with(client, cookie) for cookie in given} == {200}, "each is another device"
    found = await stored.sessions_of(owner.id)
    assert len({session["id"] for session in found}) == len({session["token_hash"] for session in found}) == 6


async def test_signing_in_again_ends_the_session_of_that_browser(
    client: httpx.AsyncClient, owner: Person, stranger: Person
) -> None:
    """OWASP ASVS 5.0, 7.2.4; also when someone else signs in."""
    first = await sign_in(client, owner)
    second = await sign_in(client, owner, first)
    third = await sign_in(client, stranger, second)
    assert [await status_with(client, cookie) for cookie in (first, second, third)] == [401, 401, 200]
    entries = await stored.history("session:revoke")
    assert [(entry["user_id"], entry["reason"]) for entry in entries] == [
        (owner.id, "signed in again"),
        (stranger.id, "signed in again"),
    ]
    assert await is_alive(owner), "another browser's session"


async def test_a_failed_sign_in_ends_nothing(client: httpx.AsyncClient, owner: Person) -> None:
    body = {"email_address": owner.email_address, "password": "wrong"}
    answer = await owner.client.post("/auth/login/", json=body)
    assert (answer.status_code, answer.headers.get("set-cookie")) == (401, None)
    assert await is_alive(owner)


def test_what_a_client_says_of_itself_holds_no_orders_to_a_terminal() -> None:
    assert printable("Mozilla/5.0 \x1b[2J\x9b2J\0\r\n(é)") == "Mozilla/5.0 [2J2J(é)"


async def test_what_a_client_says_of_itself_is_stored_in_bounds(owner: Person, settings: Settings) -> None:
    policy = sessions.policy_of(settings)
    async with database.transaction():
        actor, _ = await start(policy, owner.id, 0, Client("d\0" * 1000, "a\x1b" * 1000, "r"))
    session = (await stored.sessions_of(owner.id))[-1]
    assert (session["id"], session["device"], session["address"]) == (actor.session_id, "d" * 300, "a" * 100)

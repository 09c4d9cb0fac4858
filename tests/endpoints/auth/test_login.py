"""Signing in: one answer for every wrong combination, a new session for the right one."""

from urllib.parse import quote

import httpx
import pytest

from config import load_settings
from endpoints._links import PROJECTS
from main import create_app
from tests.authentication import stored
from tests.clients import PAGE, PASSWORD, Person, SignUp, connect, environment


async def test_wrong_combinations_are_indistinguishable(client: httpx.AsyncClient, owner: Person) -> None:
    tries = [
        {"email_address": owner.email_address, "password": "wrong"},
        {"email_address": "nobody@example.org", "password": PASSWORD},
        {"email_address": "not an address", "password": PASSWORD},
        {"email_address": "nul\x00@example.org", "password": PASSWORD},
        {"email_address": "x" * 100_000, "password": PASSWORD},
        {"email_address": "", "password": PASSWORD},
        {"email_address": owner.email_address, "password": "x" * 100_000},
        {"email_address": owner.email_address, "password": ""},
        {"email_address": owner.email_address, "password": PASSWORD + " "},
        {"email_address": owner.email_address, "password": PASSWORD.upper()},
    ]
    answers = [await client.post("/auth/login/", json=body) for body in tries]
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.text for answer in answers}) == 1
    assert answers[0].json()["detail"] == "Invalid credentials"
    assert not any("set-cookie" in answer.headers for answer in answers)
    pages = [await client.post("/auth/login/", data={**body, "password": "wrong"}, headers=PAGE) for body in tries[:2]]
    assert all(page.status_code == 401 and "do not go together. Check both" in page.text for page in pages)


async def test_the_right_password_answers_exactly_the_contract(client: httpx.AsyncClient, owner: Person) -> None:
    answer = await client.post("/auth/login/", json={"email_address": owner.email_address, "password": PASSWORD})
    assert answer.json() == {
        "id": str(owner.id),
        "first_name": "Owner",
        "last_name": "Example",
        "email_address": owner.email_address,
        "is_verified": True,
        "is_cso": False,
    }


async def test_a_browser_goes_where_it_wanted(client: httpx.AsyncClient, owner: Person) -> None:
    form = {"email_address": owner.email_address, "password": PASSWORD, "next": "/account/"}
    answer = await client.post("/auth/login/", data=form, headers=PAGE)
    assert (answer.status_code, answer.headers["location"]) == (303, "/account/")
    assert (await client.get("/account/")).status_code == 200


@pytest.mark.parametrize("written", ["OWNER@EXAMPLE.ORG", "  Owner@Example.org  "])
async def test_an_address_is_known_however_it_is_written(
    client: httpx.AsyncClient, owner: Person, written: str
) -> None:
    answer = await client.post("/auth/login/", json={"email_address": written, "password": PASSWORD})
    assert (answer.status_code, answer.json()["id"]) == (200, str(owner.id))


async def test_an_inactive_account_is_a_wrong_combination(client: httpx.AsyncClient, owner: Person) -> None:
    wrong = await client.post("/auth/login/", json={"email_address": owner.email_address, "password": "wrong"})
    await stored.set_user(owner.id, is_active=False)
    answer = await client.post("/auth/login/", json={"email_address": owner.email_address, "password": PASSWORD})
    assert (answer.status_code, answer.text) == (wrong.status_code, wrong.text)


async def test_an_unverified_person_may_sign_in_but_not_begin_a_project(sign_up: SignUp) -> None:
    person = await sign_up("new", is_verified=False)
    assert (await person.client.get("/account/")).json()["is_verified"] is False
    answer = await person.client.post("/projects/create/", json={"name": "Ward round"})
    assert (answer.status_code, answer.json()["code"]) == (403, "EMAIL_NOT_VERIFIED")
    assert "Verify your email address" in answer.json()["detail"]
    for place in ("/projects/", "/projects/create/"):
        page = await person.client.get(place, headers=PAGE)
        assert 'href="/auth/verify/resend/"' in page.text, place


@pytest.mark.parametrize("body", [{}, {"email_address": "a@b"}, {"email_address": 1, "password": PASSWORD}, [], "x"])
async def test_what_is_no_attempt_is_refused_without_an_echo(client: httpx.AsyncClient, body: object) -> None:
    answer = await client.post("/auth/login/", json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, "VALIDATION_FAILED")
    assert PASSWORD not in answer.text


async def test_a_refused_form_does_not_give_the_password_back(client: httpx.AsyncClient, owner: Person) -> None:
    form = {"email_address": owner.email_address, "password": "a-secret-mistyped"}
    answer = await client.post("/auth/login/", data=form, headers=PAGE)
    assert answer.status_code == 401
    assert "a-secret-mistyped" not in answer.text


ELSEWHERE = [
    "https://evil.example",
    "//evil.example",
    "/\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "\\\\evil.example",
    "javascript:alert(1)",
    "projects/",
    "",
    " /projects/",
    "/projects/\n",
    "/ok\r\nSet-Cookie: a=b",
    "/\N{EURO SIGN}/",
    "/\N{RIGHT-TO-LEFT OVERRIDE}/",
    "/\xe9/",
    "/a b/",
    "/" + "x" * 2000,
]


async def test_signing_in_leads_to_no_other_site(client: httpx.AsyncClient, owner: Person) -> None:
    """OWASP ASVS 5.0, 3.7.2."""
    for elsewhere in ELSEWHERE:
        shown = await client.get(f"/auth/login/?next={quote(elsewhere)}")
        assert (shown.status_code, shown.json()) == (200, {"next": PROJECTS})
        body = {"email_address": owner.email_address, "password": PASSWORD, "next": elsewhere}
        answer = await client.post("/auth/login/", data=body, headers=PAGE)
        assert (answer.status_code, answer.headers["location"]) == (303, PROJECTS)
        answer = await client.post("/auth/login/", json=body)
        assert (answer.status_code, answer.headers["location"]) == (200, PROJECTS)


async def test_half_a_character_is_a_wrong_combination_or_no_place(client: httpx.AsyncClient, owner: Person) -> None:
    """JSON can carry what UTF-8 cannot."""
    right = f'"email_address": "{owner.email_address}"', f'"password": "{PASSWORD}"', '"next": "/"'
    for place, text in enumerate(('"email_address": "\\ud800"', '"password": "\\ud800"', '"next": "/\\ud800"')):
        body = "{" + ", ".join([*right[:place], text, *right[place + 1 :]]) + "}"
        answer = await client.post("/auth/login/", content=body, headers={"Content-Type": "application/json"})
        assert answer.status_code == (200 if place == 2 else 401), text


async def test_places_of_ours_are_kept(client: httpx.AsyncClient) -> None:
    for path in ("/", "/account/", "/projects/?search=a%20b&page=2", "/projects/#top", "/%C3%A9/"):
        assert (await client.get(f"/auth/login/?next={quote(path)}")).json() == {"next": path}


@pytest.mark.parametrize("prefix", ["", "/turva"])
async def test_whoever_is_sent_to_sign_in_comes_back(database_url: str, prefix: str) -> None:
    app = create_app(load_settings(environment(database_url, API_PATH=prefix)))
    async with app.router.lifespan_context(app), connect(app) as client:
        await stored.add_person("ada@example.org", await app.state.passwords.hash(PASSWORD))
        wanted = f"{prefix}/account/sessions/?page=1"
        sent = await client.get(wanted, headers=PAGE)
        assert sent.status_code == 303
        place = (await client.get(sent.headers["location"])).json()["next"]
        form = {"email_address": "ada@example.org", "password": PASSWORD, "next": place}
        answer = await client.post(f"{prefix}/auth/login/", data=form, headers=PAGE)
        assert (answer.status_code, answer.headers["location"]) == (303, wanted)
        assert (await client.get(answer.headers["location"])).status_code == 200


async def test_signing_in_is_recorded_and_names_the_request(client: httpx.AsyncClient, owner: Person) -> None:
    body = {"email_address": owner.email_address, "password": PASSWORD}
    answer = await client.post("/auth/login/", json=body, headers={"user-agent": "Ward tablet 7"})
    session = (await stored.sessions_of(owner.id))[-1]
    assert session["device"] == "Ward tablet 7"
    entry = (await stored.history("session:start"))[-1]
    assert (entry["user_id"], entry["entity_id"]) == (owner.id, session["id"])
    assert entry["session_id"] == session["id"]
    assert entry["request_id"] == answer.headers["x-request-id"]


@pytest.mark.parametrize("written", ["ada.lovelace", " Ada.Lovelace "])
async def test_a_username_signs_in_too(client: httpx.AsyncClient, owner: Person, written: str) -> None:
    await stored.set_user(owner.id, username="ada.lovelace")
    answer = await client.post("/auth/login/", json={"email_address": written, "password": PASSWORD})
    assert (answer.status_code, answer.json()["id"]) == (200, str(owner.id))
    wrong = await client.post("/auth/login/", json={"email_address": "ada.lovelac", "password": PASSWORD})
    assert wrong.status_code == 401


@pytest.mark.parametrize(
    ("registration", "words"), [("off", None), ("invitation", "Register with an invitation"), ("open", "Register")]
)
async def test_the_page_leads_to_what_the_settings_allow(
    database_url: str, registration: str, words: str | None
) -> None:
    app = create_app(load_settings(environment(database_url, REGISTRATION=registration)))
    async with app.router.lifespan_context(app), connect(app) as client:
        page = (await client.get("/auth/login/", headers=PAGE)).text
    assert 'href="/auth/forgotten_password/">Forgotten password</a>' in page
    assert "Email address or username" in page
    assert ('href="/auth/register/"' in page) is (words is not None)
    assert words is None or f'href="/auth/register/">{words}</a>' in page

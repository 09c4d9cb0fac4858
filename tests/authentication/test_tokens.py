"""A cookie is read only in the one form in which we wrote it, under a key that still counts."""

import string
from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256

import httpx
import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from hypothesis import given, settings
from hypothesis import strategies as st
from itsdangerous import Signer
from itsdangerous.encoding import base64_encode

from authentication import cookies
from authentication.sessions import ACTIVITY, SESSIONS
from authentication.tokens import TOKEN_BYTES, Tokens
from config import load_settings
from main import create_app
from models.enumerations import SessionKind
from models.storage.columns import new_id, utc_now
from tests.authentication import stored
from tests.authentication.statements import counted
from tests.clients import PASSWORD, Person, connect, environment

OLD, NEW = "the-older-key-0123456789-abcdefgh", "the-newer-key-9876543210-hgfedcba"
OURS = Tokens([NEW])
TOKEN = bytes(range(TOKEN_BYTES))
COOKIE = OURS.cookie(TOKEN)


def signed(payload: bytes, salt: str = "turva session cookie") -> str:
    """A payload with a right signature of ours."""
    return Signer(NEW, salt=salt, key_derivation="hmac", digest_method=sha256).sign(payload).decode("latin-1")


WRONG = {
    "empty": "",
    "a point": ".",
    "no signature": COOKIE.partition(".")[0],
    "no secret": f".{COOKIE.partition('.')[2]}",
    "truncated": COOKIE[:-1],
    "longer": COOKIE + "A",
    "padded": COOKIE + "=",
    "in quotes": f'"{COOKIE}"',
    "a line more": f"{COOKIE}\n",
    "huge": COOKIE * 10_000,
    "not ASCII": "é" * 87,
    "not Latin": "\N{SNOWMAN}" * 87,
    "full-width digits": "\N{FULLWIDTH DIGIT ONE}" * 43 + "." + "\N{FULLWIDTH DIGIT ONE}" * 43,
    "zero bytes": "\0" * 87,
    "another installation's": Tokens([OLD]).cookie(TOKEN),
    "another purpose": signed(base64_encode(TOKEN), salt="password reset"),
    "a short secret": signed(base64_encode(TOKEN[:-1])),
    "a long secret": signed(base64_encode(TOKEN + b"x")),
    "the hash in place of the secret": base64_encode(OURS.hash(TOKEN)).decode() + "." + COOKIE.partition(".")[2],
    "the secret in place of the signature": ".".join([COOKIE.partition(".")[0]] * 2),
}


def test_what_we_wrote_is_read() -> None:
    assert OURS.read(COOKIE) == TOKEN
    assert len(COOKIE) == 87
    assert OURS.read(signed(base64_encode(TOKEN))) == TOKEN, "else the cases below are wrong for another reason"


@pytest.mark.parametrize("how", WRONG)
def test_nothing_else_is_read(how: str) -> None:
    assert OURS.read(WRONG[how]) is None


def neighbours(cookie: str) -> Iterator[str]:
    """Every cookie that has one character changed, left out or put in."""
    for place in range(len(cookie) + 1):
        before, after = cookie[:place], cookie[place:]
        yield before + after[1:]
        for character in string.printable + "\0\x80\xa0\xff":
            yield before + character + after
            yield before + character + after[1:]


def test_every_single_change_is_noticed() -> None:
    accepted = {other for other in neighbours(COOKIE) if OURS.read(other) is not None}
    assert accepted <= {COOKIE}


@settings(deadline=None)
@given(st.text(max_size=200) | st.from_regex(r"[A-Za-z0-9_-]{43}\.[A-Za-z0-9_-]{43}", fullmatch=True))
def test_nothing_made_up_is_read(text: str) -> None:
    assert OURS.read(text) is None


def test_secrets_are_long_and_new_each_time() -> None:
    assert {len(OURS.new()) for _ in range(1000)} == {32}  # 256 bits; OWASP ASVS 5.0, 7.2.3, asks for 128
    assert len({OURS.new() for _ in range(1000)}) == 1000


def test_an_older_key_still_counts_until_it_is_dropped() -> None:
    before, rotated = Tokens([OLD]), Tokens([NEW, OLD])
    cookie = before.cookie(TOKEN)
    assert rotated.read(cookie) == TOKEN
    assert before.hash(TOKEN) in rotated.hashes(TOKEN)
    assert Tokens([NEW]).read(cookie) is None
    assert before.hash(TOKEN) not in Tokens([NEW]).hashes(TOKEN)


def test_the_first_key_is_the_one_that_signs() -> None:
    rotated = Tokens([NEW, OLD])
    assert rotated.cookie(TOKEN) == COOKIE
    assert rotated.hash(TOKEN) == OURS.hash(TOKEN) == rotated.hashes(TOKEN)[0]


def test_the_stored_hash_needs_the_key() -> None:
    assert OURS.hash(TOKEN) not in {Tokens([OLD]).hash(TOKEN), sha256(TOKEN).digest(), TOKEN}


async def test_garbage_is_refused_before_the_database_is_asked(client: httpx.AsyncClient) -> None:
    with counted() as sent:
        for how, value in WRONG.items():
            headers = {b"cookie": b"turva_session=" + value.encode("utf-8")}
            assert (await client.get("/account/", headers=headers)).status_code == 401, how
    assert sent == []


async def test_two_cookies_of_the_name_are_refused_before_the_database_is_asked(owner: Person, app: FastAPI) -> None:
    mine = f"turva_session={owner.client.cookies[cookies.PLAIN]}"
    async with connect(app) as client:
        assert (await client.get("/account/", headers={"cookie": f"a=b; {mine}"})).status_code == 200
        with counted() as sent:
            for twice in (f"{mine}; turva_session=planted", f"turva_session=planted; {mine}", f"{mine};{mine}"):
                assert (await client.get("/account/", headers={"cookie": twice})).status_code == 401
            headers = [("cookie", mine), ("cookie", "turva_session=planted")]
            assert (await client.get("/account/", headers=headers)).status_code == 401
    assert sent == []


async def test_a_stolen_database_opens_no_session(owner: Person, app: FastAPI) -> None:
    (session,) = await stored.sessions_of(owner.id)
    texts = {str(value) for value in session.values()} | {session["token_hash"].hex()}
    texts |= {base64_encode(session["token_hash"]).decode(), Tokens([OLD]).cookie(session["token_hash"])}
    async with connect(app) as client:
        for text in texts:
            answer = await client.get("/account/", headers={b"cookie": f"turva_session={text}".encode()})
            assert answer.status_code == 401


@pytest.mark.parametrize("make", [lambda token: sha256(token).digest(), lambda token: token, Tokens([OLD]).hash])
async def test_a_row_put_into_the_database_forges_no_session(owner: Person, app: FastAPI, make: object) -> None:
    """Whoever can write rows but has no key knows only hashes that nobody signs for; a signed cookie does not help."""
    assert callable(make)
    token = OURS.new()
    ours = app.state.sessions.tokens.cookie(token)
    await forge(owner, make(token))
    async with connect(app) as client:
        for cookie in (ours, OURS.cookie(token), base64_encode(token).decode()):
            assert (await client.get("/account/", headers={"cookie": f"turva_session={cookie}"})).status_code == 401


async def test_the_forgery_differs_from_a_session_in_its_hash_alone(owner: Person, app: FastAPI) -> None:
    tokens: Tokens = app.state.sessions.tokens
    token = tokens.new()
    await forge(owner, tokens.hash(token))
    async with connect(app) as client:
        answer = await client.get("/account/", headers={"cookie": f"turva_session={tokens.cookie(token)}"})
    assert answer.status_code == 200


async def forge(owner: Person, token_hash: bytes) -> None:
    key, now = new_id(), utc_now()
    row = {"id": key, "token_hash": token_hash, "user_id": owner.id, "auth_epoch": 0, "kind": SessionKind.BROWSER}
    later = {"absolute_expiry": now + timedelta(days=1), "device": "", "address": ""}
    await stored.change(sa.insert(SESSIONS).values(**row, **later))
    await stored.change(sa.insert(ACTIVITY).values(session_id=key, last_seen=now))


@pytest.mark.parametrize(
    ("keys", "status", "statements"), [([NEW, OLD], 200, 1), ([OLD, NEW], 200, 1), ([NEW], 401, 0)]
)
async def test_sessions_outlive_a_change_of_keys(
    database_url: str, keys: list[str], status: int, statements: int
) -> None:
    cookie = await signed_in_before(database_url)
    after = create_app(load_settings(environment(database_url, SECRET_KEY=",".join(keys))))
    async with after.router.lifespan_context(after), connect(after) as client:
        with counted() as sent:
            answer = await client.get("/account/", headers={"cookie": f"turva_session={cookie}"})
        assert (answer.status_code, len(sent)) == (status, statements)
        again = await client.post("/auth/login/", json={"email_address": "ada@example.org", "password": PASSWORD})
        assert Tokens([keys[0]]).read(again.cookies[cookies.PLAIN]) is not None, "new sessions use the first key"


async def signed_in_before(database_url: str) -> str:
    before = create_app(load_settings(environment(database_url, SECRET_KEY=OLD)))
    async with before.router.lifespan_context(before), connect(before) as client:
        await stored.add_person("ada@example.org", await before.state.passwords.hash(PASSWORD))
        answer = await client.post("/auth/login/", json={"email_address": "ada@example.org", "password": PASSWORD})
        return answer.cookies[cookies.PLAIN]

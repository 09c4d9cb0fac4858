"""What must not be there: requirements that are met by having nothing, held so that nothing comes unnoticed."""

import re
from datetime import UTC, datetime
from pathlib import Path

import httpx
import sqlalchemy as sa
from fastapi import FastAPI

import assets
import endpoints
from authentication.sessions import USERS
from tests.authentication import stored
from tests.authentication.factors import Clock, with_app
from tests.clients import PASSWORD, Person
from tests.mailbox import letters

ENDPOINTS = Path(endpoints.__file__).parent
ROOT = ENDPOINTS.parent
BEGINS = {"endpoints/auth/login.py", "endpoints/auth/second_factor.py", "endpoints/auth/passkey.py"}
"""Where a session of a browser begins; docs/authentication.md, "Signing in", describes each."""


def sources(folder: Path, suffix: str) -> dict[str, str]:
    found = {path.relative_to(ROOT).as_posix(): path.read_text("utf-8") for path in folder.rglob(f"*{suffix}")}
    assert found
    return {name: text for name, text in found.items() if "/built/" not in name}


def test_every_way_to_begin_a_session_is_known() -> None:
    """OWASP ASVS 5.0, 6.3.4."""
    authentication = sources(ROOT / "authentication", ".py")
    stores = {name for name, text in authentication.items() if "insert(SESSIONS)" in text}
    assert stores == {"authentication/sign_in.py", "authentication/api_tokens.py"}
    begins = {name for name, text in sources(ENDPOINTS, ".py").items() if "await begin(" in text}
    assert begins == BEGINS


def test_no_script_of_ours_listens_to_other_windows() -> None:
    """OWASP ASVS 5.0, 3.5.5."""
    scripts = sources(Path(assets.__file__).parent, ".js")
    assert not [name for name, text in scripts.items() if re.search(r"postMessage|['\"]message['\"]|onmessage", text)]


async def test_a_new_installation_has_no_account(app: FastAPI, client: httpx.AsyncClient) -> None:
    """OWASP ASVS 5.0, 6.3.2."""
    assert await stored.rows(sa.select(USERS)) == []
    for name in ("admin", "root", "admin@localhost", "administrator@example.org"):
        answer = await client.post("/auth/login/", json={"email_address": name, "password": name})
        assert answer.status_code == 401


async def test_a_password_has_no_date(client: httpx.AsyncClient, owner: Person) -> None:
    """OWASP ASVS 5.0, 6.2.10."""
    long_ago = datetime(2001, 1, 1, tzinfo=UTC)
    await stored.set_user(owner.id, created_date=long_ago, updated_date=long_ago)
    body = {"email_address": owner.email_address, "password": PASSWORD}
    assert (await client.post("/auth/login/", json=body)).status_code == 200


def test_nothing_is_asked_that_others_could_know(app: FastAPI) -> None:
    """OWASP ASVS 5.0, 6.4.2."""
    schemas = app.openapi()["components"]["schemas"].values()
    fields = {field for schema in schemas for field in schema.get("properties", {})}
    assert "password" in fields
    assert not [field for field in fields if re.search(r"question|hint|maiden|secret_answer|birth", field)]


async def test_a_forgotten_password_leaves_the_second_factor_in_place(
    client: httpx.AsyncClient, owner: Person, clock: Clock
) -> None:
    """OWASP ASVS 5.0, 6.4.3."""
    await with_app(owner, clock)
    await client.post("/auth/forgotten_password/", json={"email_address": owner.email_address})
    (link,) = (await letters(owner.email_address))[-1].links
    new = "mango ferry slate"
    reset = {"token": httpx.URL(link).params["token"], "password": new}
    assert (await client.post("/auth/reset_password/", json=reset)).status_code == 204
    answer = await client.post("/auth/login/", json={"email_address": owner.email_address, "password": new})
    assert (answer.status_code, answer.json()["code"]) == (202, "SECOND_FACTOR_NEEDED")
    assert (await client.get("/account/")).status_code == 401

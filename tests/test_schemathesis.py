"""Schemathesis calls every operation as two people, with what the description permits and with what it forbids.

It looks for server errors, answers the description does not know, refusals that are missing, and objects of one person
that the other can read. SCHEMATHESIS_CASES=300 is the bar of a release; the suite takes fewer, to be quick.
"""

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from authentication.passwords import Passwords
from config import load_settings
from models.audit.audit import COMMAND_LINE
from models.storage.opening import opened
from models.users import accounts
from tests.clients import PASSWORD, environment
from tests.databases import Databases
from tests.servers import served

CASES = os.environ.get("SCHEMATHESIS_CASES", "3")
CONFIGURATION = Path(__file__).with_suffix(".toml").with_name("schemathesis.toml")
PEOPLE = ("alice", "bob")


async def add_people(url: str) -> None:
    settings = load_settings(environment(url))
    passwords = Passwords(settings)
    async with opened(settings):
        hashed = await passwords.hash(PASSWORD)
        for name in PEOPLE:
            names = {"first_name": name.title(), "last_name": "Example"}
            address = f"{name}@example.org"
            await accounts.create(COMMAND_LINE, email_address=address, password_hash=hashed, is_verified=True, **names)
    passwords.close()


def signing_in(name: str) -> dict[str, object]:
    """How schemathesis signs a person in, again whenever an operation ended the session."""
    fields = {"usernameField": "email_address", "passwordField": "password"}
    credentials = {"username": f"{name}@example.org", "password": PASSWORD, **fields}
    request = {"endpoint": "/auth/login/", "verb": "POST", "contentType": "application/json"}
    return {"name": name, "loginEndpointAuth": {**request, "payloadUserPwd": credentials, "expectCookies": True}}


def test_nothing_is_found(postgresql_databases: Databases, tmp_path: Path) -> None:
    people = tmp_path / "people.json"
    people.write_text(json.dumps({"auth": [signing_in(name) for name in PEOPLE]}), "utf-8")
    url = postgresql_databases.create()
    asyncio.run(add_people(url))
    with served(url, RATE_LIMIT_ENABLED="false") as base:
        program = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(CONFIGURATION), "run"]
        run = subprocess.run(  # noqa: S603 - our own arguments
            [*program, f"{base}/openapi.json", "--checks", "all", "--max-examples", CASES, "--workers", "2"],
            cwd=tmp_path,
            env={**os.environ, "WFC": str(people), "NO_COLOR": "1"},
            capture_output=True,
            text=True,
            check=False,
        )
    if run.returncode:
        pytest.fail("\n".join(line[:400] for line in (run.stdout + run.stderr).splitlines()))

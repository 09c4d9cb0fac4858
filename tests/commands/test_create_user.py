"""Accounts from the command line: complete or not at all, and the password is never shown."""

import asyncio
import getpass
import io
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI

from authentication.password_rules import SHORTEST_PASSWORD
from commands import run
from config import load_settings
from main import create_app
from models.storage.database import database
from tests.authentication import stored
from tests.clients import CHEAP_HASHES, connect
from tests.commands.conftest import ROOT

PASSWORD = "correct horse battery staple"
ADA = ["create-user", "--email-address", "Ada@Example.org", "--first-name", "Ada", "--last-name", "Lovelace"]


@pytest.fixture
def cheap(settings: dict[str, str]) -> dict[str, str]:
    settings |= CHEAP_HASHES
    return settings


def people(settings: dict[str, str]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = read(settings, stored.rows(stored.every_user()))
    return found


def read(settings: dict[str, str], query: Any) -> Any:
    """What is stored, read as another process would."""

    async def connected() -> Any:
        database.configure(settings["DATABASE_URL"])
        await database.connect()
        try:
            return await query
        finally:
            await database.disconnect()

    return asyncio.run(connected())


def test_the_account_is_verified_and_its_identifier_printed(
    cheap: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    cheap["TURVA_PASSWORD"] = PASSWORD
    assert run(ADA) == 0
    (user,) = people(cheap)
    assert capsys.readouterr().out == f"{user['id']}\n"
    names = ("email_address", "first_name", "last_name", "is_verified", "is_active", "is_administrator", "is_cso")
    assert [user[name] for name in names] == ["ada@example.org", "Ada", "Lovelace", True, True, False, False]


@pytest.mark.parametrize(
    ("flags", "rights"),
    [([], (False, False)), (["--administrator"], (True, False)), (["--cso"], (False, True))],
)
def test_rights_are_given_only_when_asked_for(
    cheap: dict[str, str], flags: list[str], rights: tuple[bool, bool]
) -> None:
    cheap["TURVA_PASSWORD"] = PASSWORD
    assert run([*ADA, *flags]) == 0
    (user,) = people(cheap)
    assert (user["is_administrator"], user["is_cso"]) == rights


def test_the_person_can_sign_in(cheap: dict[str, str]) -> None:
    cheap["TURVA_PASSWORD"] = PASSWORD
    assert run([*ADA, "--administrator"]) == 0
    assert asyncio.run(sign_in(create_app(load_settings(cheap)))) == [200, 200]


async def sign_in(app: FastAPI) -> list[int]:
    async with app.router.lifespan_context(app), connect(app) as client:
        body = {"email_address": "ada@example.org", "password": PASSWORD}
        answers = [await client.post("/auth/login/", json=body), await client.get("/ops/sessions/")]
    return [answer.status_code for answer in answers]


def test_it_is_recorded_as_done_at_the_command_line(cheap: dict[str, str]) -> None:
    cheap["TURVA_PASSWORD"] = PASSWORD
    assert run([*ADA, "--cso"]) == 0
    (entry,) = read(cheap, stored.history())
    assert (entry["action"], entry["user_id"], entry["request_id"]) == ("user:create", None, "command line")
    assert isinstance(entry["entity_id"], UUID)
    assert entry["after"] == {
        "email_address": "ada@example.org",
        "first_name": "Ada",
        "last_name": "Lovelace",
        "is_verified": True,
        "is_administrator": False,
        "is_cso": True,
    }


def test_an_empty_database_is_brought_up_to_date(
    environment: dict[str, str], empty_database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    environment |= {"DATABASE_URL": empty_database_url, "SECRET_KEY": "a3f1c5e7092b4d6f8e1c3a5b7d9f0e2c"}
    environment |= {"TEST_ENVIRONMENT": "true", "TURVA_PASSWORD": PASSWORD, **CHEAP_HASHES}
    assert run(ADA) == 0
    assert UUID(capsys.readouterr().out.strip()).version == 7


def with_changed(**changed: str) -> list[str]:
    given = {"--email-address": "ada@example.org", "--first-name": "Ada", "--last-name": "Lovelace"}
    given |= {f"--{name.replace('_', '-')}": value for name, value in changed.items()}
    return ["create-user", *(part for pair in given.items() for part in pair)]


REFUSED = {
    "no address": (with_changed(email_address="ada"), PASSWORD, "Enter an email address such as name@example.org"),
    "no first name": (with_changed(first_name=" "), PASSWORD, "Enter a first name in one line"),
    "a long last name": (with_changed(last_name="x" * 151), PASSWORD, "Enter a last name in one line of at most 150"),
    "a name of two lines": (with_changed(last_name="a\nb"), PASSWORD, "Enter a last name in one line"),
    "a short password": (ADA, PASSWORD[: SHORTEST_PASSWORD - 1], "Enter a password of 12 characters or more"),
    "a password that is guessed": (
        ADA,
        "Lovelace1815",
        "Choose a password that is harder to guess: it is made",
    ),
    "bytes that are no text": (ADA, PASSWORD + "\udcff", "TURVA_PASSWORD must be UTF-8"),
    "no terminal": (ADA, "", "There is no terminal to ask for the password. Set TURVA_PASSWORD."),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_wrong_is_said_in_one_line_and_nothing_is_made(
    cheap: dict[str, str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    argv, password, told = REFUSED[what]
    cheap["TURVA_PASSWORD"] = password
    monkeypatch.setattr(sys, "stdin", io.StringIO())  # no terminal, as in a job of cron
    assert run(argv) == 1
    said = capsys.readouterr()
    assert said.err.startswith(told)
    assert (said.err.count("\n"), said.out) == (1, "")
    assert PASSWORD not in said.err
    assert people(cheap) == []


def test_the_shortest_password_is_long_enough(cheap: dict[str, str]) -> None:
    cheap["TURVA_PASSWORD"] = PASSWORD[:SHORTEST_PASSWORD]
    assert run(ADA) == 0


def test_a_taken_address_is_told(cheap: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    cheap["TURVA_PASSWORD"] = PASSWORD
    assert run(ADA) == 0
    assert run([*ADA, "--administrator"]) == 1
    told = capsys.readouterr().err
    assert told == "There is an account with this email address already. Nothing was changed.\n"
    (user,) = people(cheap)
    assert not user["is_administrator"]


@pytest.mark.parametrize("missing", ["--email-address", "--first-name", "--last-name"])
def test_what_is_missing_is_told(cheap: dict[str, str], missing: str) -> None:
    place = ADA.index(missing)
    with pytest.raises(SystemExit) as left:
        run(ADA[:place] + ADA[place + 2 :])
    assert left.value.code == 2


def test_a_password_is_no_argument(cheap: dict[str, str]) -> None:
    with pytest.raises(SystemExit) as left:
        run([*ADA, "--password", PASSWORD])
    assert left.value.code == 2


@pytest.mark.parametrize(("second", "status"), [(PASSWORD, 0), ("another password", 1)])
def test_it_is_asked_for_twice(
    cheap: dict[str, str], monkeypatch: pytest.MonkeyPatch, second: str, status: int, capsys: pytest.CaptureFixture[str]
) -> None:
    typed = iter([PASSWORD, second])
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(getpass, "getpass", lambda _prompt: next(typed))
    assert run(ADA) == status
    assert len(people(cheap)) == 1 - status
    assert capsys.readouterr().err == ("" if status == 0 else "The two passwords differ. Nothing was changed.\n")


@pytest.fixture
def terminal() -> Iterator[tuple[int, int]]:
    """Both ends of a terminal: what the person has, and what the program has."""
    person, program = os.openpty()
    yield person, program
    os.close(person)


def test_on_a_terminal_what_is_typed_is_not_shown(cheap: dict[str, str], terminal: tuple[int, int]) -> None:
    person, program = terminal
    process = subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, ROOT / "main.py", *ADA],
        env=cheap,
        stdin=program,
        stdout=program,
        stderr=program,
        start_new_session=True,  # else it would ask on the terminal of who runs the tests
    )
    os.close(program)
    shown = read_until(person, "Password: ")
    os.write(person, f"{PASSWORD}\n".encode())
    shown += read_until(person, "again: ")
    os.write(person, f"{PASSWORD}\n".encode())
    shown += read_until(person, "")
    assert process.wait(60) == 0, shown
    (user,) = people(cheap)
    assert re.search(rf"{user['id']}\s*$", shown)
    assert PASSWORD not in shown


def read_until(end: int, said: str) -> str:
    """What appears on a terminal until it says this; until the program closes it when `said` is empty."""
    shown = ""
    while not said or said not in shown:
        try:
            more = os.read(end, 1000)
        except OSError:  # Linux: the other end is closed
            more = b""
        if not more:
            assert not said, shown
            break
        shown += more.decode()
    return shown

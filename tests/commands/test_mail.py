"""An operator sees what became of letters, and whether the settings of mail are right."""

import json
from pathlib import Path

import pytest
import sqlalchemy as sa

from commands import run
from mail.outbox import MESSAGES
from models.storage.columns import new_id, utc_now
from tests.authentication import stored
from tests.commands.test_create_user import read
from tests.mail.mail_server import mail_server
from tests.servers import free_port


def test_what_became_of_letters(settings: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["mail", "status"]) == 0
    assert capsys.readouterr().out == "There are no letters.\n"
    now = utc_now()
    refused = "the mail server refused the recipient (550)"
    for state in ({"sent_at": now}, {"sent_at": now}, {"failed_at": now, "problem": refused}, {"next_attempt_at": now}):
        made = sa.insert(MESSAGES).values(id=new_id(), template="trial", sealed=b"", **state)
        read(settings, stored.change(made))
    assert run(["mail", "status"]) == 0
    lines = ["1 given up: trial (the mail server refused the recipient (550))", "2 sent: trial", "1 waiting: trial"]
    assert capsys.readouterr().out.splitlines() == lines
    assert run(["mail", "status", "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [(one["letters"], one["state"]) for one in found] == [(1, "given up"), (2, "sent"), (1, "waiting")]
    assert (found[0]["template"], found[0]["problem"]) == ("trial", refused)


def test_a_letter_to_try(settings: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    with mail_server() as post:
        settings |= post.settings()
        assert run(["mail", "try", "--to", "Operator@example.org"]) == 0
    assert capsys.readouterr().out == "The mail server took the letter.\n"
    (letter,) = post.taken
    assert (letter.to, letter.subject) == ("operator@example.org", "A test of the mail of Turva")


def test_a_letter_to_try_without_a_server(
    settings: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["mail", "try", "--to", "ada@example.org"]) == 0
    assert capsys.readouterr().out == "The letter is in var/mail.\n"
    assert len(list((tmp_path / "var/mail").iterdir())) == 1


@pytest.mark.parametrize("to", ["ada", "ada@example.org\nBcc: all@example.org"])
def test_no_address(settings: dict[str, str], to: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["mail", "try", "--to", to]) == 1
    assert "Enter an email address" in capsys.readouterr().err


def test_a_server_that_is_away(settings: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    settings |= {"SMTP_HOST": "127.0.0.1", "SMTP_PORT": str(free_port()), "SMTP_SECURITY": "none"}
    assert run(["mail", "try", "--to", "ada@example.org"]) == 1
    told = "The letter was not sent: the mail server cannot be used (ConnectionRefusedError).\n"
    assert capsys.readouterr().err == told

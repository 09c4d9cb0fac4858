"""Accounts at the command line: seen, disabled and enabled by whoever has the server."""

from typing import Any

import pytest

from commands import run
from models.users import accounts
from tests.authentication import stored
from tests.authentication.factors import store_app
from tests.commands.test_create_user import read
from tests.commands.test_sessions import PEOPLE, alive, signed_in

__all__ = ["signed_in"]
WHY = ["--reason", "Left the trust"]


def test_the_list(settings: dict[str, str], signed_in: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["users", "list"]) == 0
    heading, *rows = capsys.readouterr().out.splitlines()
    assert heading.split("  ")[0] == "Email address"
    assert [row.split()[0] for row in rows] == list(PEOPLE)
    assert run(["users", "list", "--search", "grace"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 2


def test_an_account_is_shut_and_opened(
    settings: dict[str, str], signed_in: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["users", "disable", "--email-address", "ADA@example.org", *WHY]) == 0
    assert alive(settings, signed_in) == {"grace"}
    assert run(["users", "list", "--search", "ada"]) == 0
    assert "disabled" in capsys.readouterr().out
    assert run(["users", "enable", "--email-address", PEOPLE[0], *WHY]) == 0
    assert alive(settings, signed_in) == {"grace"}
    entries = read(settings, stored.history("user:disable", "user:enable"))
    assert [(entry["reason"], entry["request_id"]) for entry in entries] == [("Left the trust", "command line")] * 2


def test_what_is_refused(
    settings: dict[str, str], signed_in: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["users", "disable", "--email-address", "nobody@example.org", *WHY]) == 1
    assert "no account" in capsys.readouterr().err
    assert run(["users", "enable", "--email-address", PEOPLE[0], *WHY]) == 1
    assert "active already" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        run(["users", "disable", "--email-address", PEOPLE[0], "--reason", " "])


def test_a_second_factor_that_was_lost_is_taken_away(
    settings: dict[str, str], signed_in: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    """Else the only administrator who loses a telephone could never come back."""
    command = ["users", "remove-second-factor", "--email-address", PEOPLE[0], *WHY]
    assert run(command) == 1
    assert "no second factor" in capsys.readouterr().err
    read(settings, with_app(PEOPLE[0]))
    assert run(command) == 0
    assert alive(settings, signed_in) == {"grace"}
    [entry] = read(settings, stored.history("second_factor:remove_all"))
    assert (entry["reason"], entry["request_id"]) == ("Left the trust", "command line")
    assert run(command) == 1


async def with_app(address: str) -> list[dict[str, Any]]:
    user = await accounts.by_email_address(address)
    assert user
    await store_app(user.id)
    return []

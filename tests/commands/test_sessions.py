"""Sessions at the command line: seen and ended by whoever has the server, with a reason that is kept."""

import asyncio
from uuid import UUID

import httpx
import pytest

from commands import run
from config import load_settings
from main import create_app
from models.storage.columns import new_id
from tests.authentication import stored
from tests.clients import CHEAP_HASHES, PASSWORD, connect
from tests.commands.test_create_user import read

WHY = ["--reason", "Lost laptop"]
PEOPLE = ("ada@example.org", "grace@example.org")


@pytest.fixture
def signed_in(settings: dict[str, str]) -> dict[str, str]:
    """Ada has two sessions and Grace has one; their cookies, by a name for each."""
    settings |= CHEAP_HASHES
    return asyncio.run(sign_everyone_in(settings))


async def sign_everyone_in(settings: dict[str, str]) -> dict[str, str]:
    app = create_app(load_settings(settings))
    cookies = {}
    async with app.router.lifespan_context(app):
        for address in PEOPLE:
            await stored.add_person(address, await app.state.passwords.hash(PASSWORD))
        for name, address in {"laptop": PEOPLE[0], "tablet": PEOPLE[0], "grace": PEOPLE[1]}.items():
            async with connect(app) as client:
                body = {"email_address": address, "password": PASSWORD}
                answer = await client.post("/auth/login/", json=body, headers={"user-agent": f"The {name}"})
                cookies[name] = answer.cookies["turva_session"]
    return cookies


def alive(settings: dict[str, str], cookies: dict[str, str]) -> set[str]:
    """Whose cookies a server accepts now."""

    async def ask() -> set[str]:
        app = create_app(load_settings(settings))
        async with app.router.lifespan_context(app), connect(app) as client:
            answers = {name: await account(client, cookie) for name, cookie in cookies.items()}
        return {name for name, status in answers.items() if status == 200}

    return asyncio.run(ask())


async def account(client: httpx.AsyncClient, cookie: str) -> int:
    return (await client.get("/account/", headers={"cookie": f"turva_session={cookie}"})).status_code


def session_ids(settings: dict[str, str]) -> dict[str, UUID]:
    """By the device's name."""
    rows = read(settings, stored.rows(stored.every_session()))
    return {row["device"].removeprefix("The "): row["id"] for row in rows}


def test_the_list(settings: dict[str, str], signed_in: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["sessions", "list"]) == 0
    heading, *lines = capsys.readouterr().out.splitlines()
    assert heading.split("  ")[0] == "Session"
    shown = {line.rpartition("The ")[2]: line for line in lines}
    assert {name: UUID(line.split()[0]) for name, line in shown.items()} == session_ids(settings)
    assert [PEOPLE[0] in shown[name] for name in ("laptop", "tablet", "grace")] == [True, True, False]
    assert {line.index("browser") for line in lines} == {heading.index("Kind")}


def test_the_list_of_one_account(signed_in: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["sessions", "list", "--email-address", "GRACE@example.org"]) == 0
    assert [line.rpartition("The ")[2] for line in capsys.readouterr().out.splitlines()[1:]] == ["grace"]


def test_the_list_holds_no_secret(
    settings: dict[str, str], signed_in: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    run(["sessions", "list"])
    shown = capsys.readouterr().out
    hashes = [row["token_hash"].hex() for row in read(settings, stored.rows(stored.every_session()))]
    secrets = [part for cookie in signed_in.values() for part in cookie.split(".")]
    assert not [secret for secret in hashes + secrets if secret in shown]


def test_nobody_is_signed_in(settings: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["sessions", "list"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 1


@pytest.mark.parametrize(
    ("target", "left", "told"),
    [
        (["--email-address", "ADA@example.org"], {"grace"}, "2 sessions ended.\n"),
        (["--everyone"], set(), "3 sessions ended.\n"),
        (["--session-id", "tablet"], {"laptop", "grace"}, "1 session ended.\n"),
    ],
)
def test_revoked_is_refused_at_the_next_request(  # noqa: PLR0913 - what is done, to whom, and what is seen
    settings: dict[str, str],
    signed_in: dict[str, str],
    target: list[str],
    left: set[str],
    told: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    ids = session_ids(settings)
    argv = [str(ids.get(part, part)) for part in target]
    assert run(["sessions", "revoke", *argv, *WHY]) == 0
    assert capsys.readouterr().out == told
    assert alive(settings, signed_in) == left
    entries = read(settings, stored.history("session:revoke"))
    assert {entry["entity_id"] for entry in entries} == {ids[name] for name in set(ids) - left}
    assert {(entry["user_id"], entry["request_id"], entry["reason"]) for entry in entries} == {
        (None, "command line", "Lost laptop")
    }


def test_what_has_ended_is_not_ended_again(settings: dict[str, str], signed_in: dict[str, str]) -> None:
    assert run(["sessions", "revoke", "--email-address", PEOPLE[0], *WHY]) == 0
    assert run(["sessions", "revoke", "--email-address", PEOPLE[0], "--reason", "Again"]) == 0
    assert run(["sessions", "revoke", "--session-id", str(session_ids(settings)["tablet"]), *WHY]) == 1
    assert {entry["reason"] for entry in read(settings, stored.history("session:revoke"))} == {"Lost laptop"}


@pytest.mark.parametrize(
    "argv",
    [
        ["list", "--email-address", "nobody@example.org"],
        ["revoke", "--email-address", "nobody@example.org", *WHY],
        ["revoke", "--email-address", "ada", *WHY],
        ["revoke", "--session-id", str(new_id()), *WHY],
    ],
)
def test_a_slip_of_the_finger_is_no_success(
    settings: dict[str, str], signed_in: dict[str, str], argv: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["sessions", *argv]) == 1
    said = capsys.readouterr()
    assert (said.out, said.err.count("\n")) == ("", 1)
    assert said.err.startswith("There is no ")
    assert alive(settings, signed_in) == set(signed_in)


@pytest.mark.parametrize(
    "argv",
    [
        [],
        ["revoke"],
        ["revoke", *WHY],
        ["revoke", "--everyone"],
        ["revoke", "--everyone", "--reason", " "],
        ["revoke", "--everyone", "--email-address", PEOPLE[0], *WHY],
        ["revoke", "--session-id", str(new_id()), "--everyone", *WHY],
        ["revoke", "--session-id", "x", *WHY],
    ],
)
def test_exactly_one_target_and_a_reason(environment: dict[str, str], argv: list[str]) -> None:
    with pytest.raises(SystemExit) as left:
        run(["sessions", *argv])
    assert left.value.code == 2


def test_a_database_without_tables_is_told(
    environment: dict[str, str], empty_database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """An operator's command migrates nothing: other nodes may still run the version before."""
    environment |= {"DATABASE_URL": empty_database_url, "SECRET_KEY": "a3f1c5e7092b4d6f8e1c3a5b7d9f0e2c"}
    assert run(["sessions", "list"]) == 1
    assert capsys.readouterr().err.startswith("The database of DATABASE_URL cannot be used")

"""`migrate` brings a database up to date, again and again, and says clearly when it cannot reach one."""

import pytest

from commands import run
from tests.commands.conftest import KEY
from tests.databases import Databases


def test_it_makes_the_tables_and_may_be_repeated(
    environment: dict[str, str], empty_database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    environment |= {"DATABASE_URL": empty_database_url, "SECRET_KEY": KEY}
    assert run(["migrate"]) == 0
    assert run(["migrate"]) == 0
    assert capsys.readouterr().out == "The database is up to date.\n" * 2


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        # Port 1 is reserved and nothing listens on it.
        ("postgresql://turva:hunter2@127.0.0.1:1/turva", "cannot be reached"),
        ("sqlite:////dev/null/turva.db", "cannot be reached"),
    ],
)
def test_a_database_out_of_reach_is_told_in_one_line(
    url: str, reason: str, environment: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    environment |= {"DATABASE_URL": url, "SECRET_KEY": KEY}
    assert run(["migrate"]) == 1
    told = capsys.readouterr().err
    assert reason in told
    assert "hunter2" not in told
    assert told.count("\n") == 1


def test_a_database_that_does_not_exist_is_named(
    environment: dict[str, str], postgresql_databases: Databases, capsys: pytest.CaptureFixture[str]
) -> None:
    url = postgresql_databases.create(empty=True)
    postgresql_databases.drop(url)
    environment |= {"DATABASE_URL": url, "SECRET_KEY": KEY}
    assert run(["migrate"]) == 1
    told = capsys.readouterr().err
    assert told.startswith("The database of DATABASE_URL cannot be used: database")
    assert "does not exist" in told

"""A server obeys its environment; a developer gets a file; nothing mixes one database with the keys of another."""

import stat
from pathlib import Path

import pytest

from commands._environment import choose
from config import ConfigurationError, load_settings

PRODUCTION = {"DATABASE_URL": "postgresql://db/turva", "SECRET_KEY": "f0e1d2c3b4a5968778695a4b3c2d1e0f", "PORT": "80"}
FILE = "DATABASE_URL=sqlite:///other.db\nSECRET_KEY=00112233445566778899aabbccddeeff\nPORT=9000\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / ".env").write_text(FILE, "utf-8")
    return tmp_path


def test_a_server_never_reads_the_file(folder: Path) -> None:
    assert choose({"PORT": "80"}, folder, "serve", development=False) == {"PORT": "80"}


def test_a_command_prefers_the_environment_as_a_whole(folder: Path) -> None:
    assert choose(PRODUCTION, folder, "migrate", development=False) == PRODUCTION


@pytest.mark.parametrize("environment", [{"PORT": "80", "SECRET_KEY": "x"}, {"DATABASE_URL": " ", "PORT": "80"}])
def test_a_command_else_takes_the_file_as_a_whole(folder: Path, environment: dict[str, str]) -> None:
    chosen = choose(environment, folder, "migrate", development=False)
    assert chosen == dict(line.split("=", 1) for line in FILE.splitlines())


def test_a_command_does_not_guess_a_database(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"DATABASE_URL is not set, and there is no \.env"):
        choose({}, tmp_path, "migrate", development=False)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("command", ["serve", "migrate"])
def test_development_writes_a_file_that_works(tmp_path: Path, command: str) -> None:
    settings = load_settings(choose({}, tmp_path, command, development=True))
    assert settings.DATABASE_URL == "sqlite:///var/turva.db"
    assert stat.S_IMODE((tmp_path / ".env").stat().st_mode) == 0o600


def test_development_keeps_the_file_that_is_there(folder: Path) -> None:
    assert choose({}, folder, "serve", development=True)["DATABASE_URL"] == "sqlite:///other.db"
    assert (folder / ".env").read_text("utf-8") == FILE


def test_every_machine_gets_a_key_of_its_own(tmp_path: Path) -> None:
    keys = set()
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        keys.add(choose({}, tmp_path / name, "serve", development=True)["SECRET_KEY"])
    assert len(keys) == 2


def test_development_prefers_what_the_environment_sets(folder: Path) -> None:
    chosen = choose({"PORT": "80", "SECRET_KEY": " "}, folder, "serve", development=True)
    assert chosen["PORT"] == "80"
    assert chosen["SECRET_KEY"] == "00112233445566778899aabbccddeeff"


def test_development_writes_nothing_that_nobody_needs(tmp_path: Path) -> None:
    assert choose(PRODUCTION, tmp_path, "serve", development=True) == PRODUCTION
    assert not list(tmp_path.iterdir())


def test_a_dollar_sign_in_the_file_is_a_dollar_sign(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("DATABASE_URL=postgresql://turva:pa${HOME}ss@db/turva\n", "utf-8")
    assert choose({}, tmp_path, "migrate", development=False)["DATABASE_URL"].startswith("postgresql://turva:pa${HOME}")

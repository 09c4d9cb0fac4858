"""Where a command takes its settings from: the environment in production, on a developer's machine a file."""

import secrets
from collections.abc import Mapping
from pathlib import Path

from dotenv import dotenv_values

from config import ConfigurationError

NAME = ".env"
DEVELOPMENT = """\
# Settings of a development machine, made by Turva with a random key. Not for production; never commit it.
DATABASE_URL=sqlite:///var/turva.db
SECRET_KEY={key}
"""


def choose(environment: Mapping[str, str], folder: Path, command: str, *, development: bool) -> Mapping[str, str]:
    """The variables that a command obeys; ConfigurationError when it would have to guess a database.

    A server obeys the environment alone, so that a forgotten file never decides what a production server does.
    For other commands the file counts as a whole: half of each would join one database to the keys of another.
    """
    if development:
        return read_with_file(environment, folder / NAME)
    if command == "serve" or environment.get("DATABASE_URL", "").strip():
        return environment
    if not (folder / NAME).is_file():
        raise ConfigurationError(
            [f"DATABASE_URL is not set, and there is no {NAME} in this folder; `make run` writes one for development"]
        )
    return read_file(folder / NAME)


def read_with_file(environment: Mapping[str, str], file: Path) -> Mapping[str, str]:
    set_here = {name: value for name, value in environment.items() if value.strip()}
    if not {"DATABASE_URL", "SECRET_KEY"} <= set_here.keys():
        write_once(file)
    return read_file(file) | set_here


def read_file(file: Path) -> dict[str, str]:
    # A dollar sign in a password is a dollar sign.
    return {name: value or "" for name, value in dotenv_values(file, interpolate=False, encoding="utf-8").items()}


def write_once(file: Path) -> None:
    try:
        file.touch(mode=0o600, exist_ok=False)
    except FileExistsError:
        return
    file.write_text(DEVELOPMENT.format(key=secrets.token_hex(32)), encoding="utf-8")

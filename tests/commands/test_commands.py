"""The command line finds its commands by their files, and answers mistakes in a line instead of a traceback."""

import argparse
import importlib
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import commands
from commands import run
from tests.commands.conftest import KEY, ROOT

RECIPE = re.compile(r"^   ```python\n(.*?)^   ```$", re.MULTILINE | re.DOTALL)
SQLITE = {"DATABASE_URL": "sqlite:///turva.db", "SECRET_KEY": KEY}
Install = Callable[[str, str], None]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    """Lays one more file into the folder of commands, as far as Python can see."""
    folder = tmp_path / "more_commands"
    folder.mkdir()
    monkeypatch.setattr(commands, "__path__", [*commands.__path__, str(folder)])
    known = set(sys.modules)

    def write(name: str, text: str) -> None:
        (folder / f"{name}.py").write_text(text, "utf-8")
        importlib.invalidate_caches()

    yield write
    for name in set(sys.modules) - known:
        del sys.modules[name]


def command(body: str) -> str:
    return f"""
import os
from errors import NotFound
NAME = "try-it"
HELP = "try it"
def add_arguments(parser):
    parser.add_argument("--often", type=int, default=1)
def run(arguments, settings):
    {body}
"""


def test_every_argument_says_what_it_is_for() -> None:
    waiting = [commands.parser_of(commands.every_command())]
    known = 0
    while waiting:
        parser = waiting.pop()
        for action in parser._actions:
            if isinstance(action, argparse._SubParsersAction):
                waiting += action.choices.values()
            else:
                assert action.help, (parser.prog, action.dest)
                known += 1
    assert known > 50


def test_help_lists_every_command(environment: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        run(["--help"])
    shown = capsys.readouterr().out
    assert left.value.code == 0
    files = [path.stem for path in (ROOT / "commands").glob("[!_]*.py")]
    assert len(commands.every_command()) == len(files)
    for name, one in commands.every_command().items():
        assert re.search(rf"^ +{name}\s+\S", shown, re.MULTILINE), name
        assert one.HELP


@pytest.mark.parametrize("argv", [[], ["frobnicate"], ["migrate", "--frobnicate"]])
def test_what_is_not_understood_ends_with_2(argv: list[str], environment: dict[str, str]) -> None:
    with pytest.raises(SystemExit) as left:
        run(argv)
    assert left.value.code == 2


def test_wrong_settings_end_with_1_and_every_reason(
    environment: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    environment |= {"DATABASE_URL": "mysql://u:hunter2@db/x", "PORT": "0"}
    assert run(["migrate"]) == 1
    told = capsys.readouterr().err
    assert [line.split()[1] for line in told.splitlines()[1:]] == ["DATABASE_URL", "SECRET_KEY", "PORT"]
    assert "hunter2" not in told


@pytest.mark.parametrize(
    ("body", "status", "told"),
    [
        ("return 0", 0, ""),
        ("return 3", 3, ""),
        ("raise NotFound('There is no such user.')", 1, "There is no such user.\n"),
        ("raise KeyboardInterrupt", 130, ""),
    ],
)
def test_the_status_says_how_it_went(  # noqa: PLR0913 - what was done, where, and what was seen
    body: str,
    status: int,
    told: str,
    install: Install,
    environment: dict[str, str],
    capsys: pytest.CaptureFixture[str],
) -> None:
    environment |= SQLITE
    install("try_it", command(body))
    assert run(["try-it"]) == status
    assert capsys.readouterr().err == told


def test_a_fault_of_ours_keeps_its_traceback(install: Install, environment: dict[str, str]) -> None:
    environment |= SQLITE
    install("try_it", command("raise ZeroDivisionError"))
    with pytest.raises(ZeroDivisionError):
        run(["try-it"])


def test_started_processes_see_the_chosen_settings_only(
    install: Install, environment: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    environment |= {"PORT": "9000", "SHELL": "kept"}
    (tmp_path / ".env").write_text("".join(f"{name}={value}\n" for name, value in SQLITE.items()), "utf-8")
    install("try_it", command("print([os.environ.get(n) for n in ('PORT', 'SHELL', 'DATABASE_URL')]); return 0"))
    assert run(["try-it"]) == 0
    assert capsys.readouterr().out == "[None, 'kept', 'sqlite:///turva.db']\n"


def test_the_recipe_in_the_documents_works(
    install: Install, settings: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    (recipe,) = RECIPE.findall((ROOT / "docs/commands.md").read_text("utf-8"))
    install("count_users", re.sub("^   ", "", recipe, flags=re.MULTILINE))
    assert run(["count-users", "--active"]) == 0
    assert capsys.readouterr().out == "0\n"

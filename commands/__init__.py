"""The command line of Turva: every module in this folder is a command of `python main.py`."""

import argparse
import importlib
import os
import pkgutil
import sys
from collections.abc import Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Protocol, cast

from commands import _environment
from config import ConfigurationError, Settings, load_settings
from errors import TurvaError


class Command(Protocol):
    """What a module of this folder has; a leading underscore marks one that is no command."""

    NAME: str
    HELP: str

    def add_arguments(self, parser: argparse.ArgumentParser) -> None: ...

    def run(self, arguments: argparse.Namespace, settings: Settings) -> int:
        """Do it; the answer is the exit status. Raises TurvaError for what the person at the keyboard can mend."""
        ...


def run(argv: Sequence[str]) -> int:
    """Run one command and return its exit status: 0 done, 1 refused with its reasons, 2 not understood."""
    commands = every_command()
    arguments = parser_of(commands).parse_args(argv)
    try:
        environment = dict(os.environ)
        chosen = _environment.choose(environment, Path.cwd(), arguments.command, development=arguments.development)
        settings = load_settings(chosen)
        export(chosen)
        return commands[arguments.command].run(arguments, settings)
    except ConfigurationError as error:
        print(error, file=sys.stderr)
        return 1
    except TurvaError as error:
        print("\n".join(lines_of(error)), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def lines_of(error: TurvaError) -> list[str]:
    """What is wrong, and below it each reason that it does not say itself."""
    return [error.detail, *(problem.message for problem in error.problems if problem.message not in error.detail)]


def every_command() -> dict[str, Command]:
    names = sorted(module.name for module in pkgutil.iter_modules(__path__) if not module.name.startswith("_"))
    modules = [cast("Command", importlib.import_module(f"{__name__}.{name}")) for name in names]
    return {module.NAME: module for module in modules}


def parser_of(commands: Mapping[str, Command]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python main.py", description="Clinical safety management for health IT.")
    chosen = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name, command in commands.items():
        subparser = chosen.add_parser(name, help=command.HELP, description=command.HELP)
        subparser.add_argument(
            "--development",
            action="store_true",
            help="take from .env what the environment does not set; write .env, with a random key, when there is none",
        )
        command.add_arguments(subparser)
    return parser


def export(chosen: Mapping[str, str]) -> None:
    """Server processes that a command starts read the same settings, and none that were not chosen."""
    for declared in fields(Settings):
        os.environ.pop(declared.name, None)
        if declared.name in chosen:
            os.environ[declared.name] = chosen[declared.name]

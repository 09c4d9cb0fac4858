"""Brings the tables of the database up to date; `serve` does the same, also with several at once."""

import argparse

from commands import _database
from config import Settings

NAME = "migrate"
HELP = "bring the database up to date without serving"


def add_arguments(_parser: argparse.ArgumentParser) -> None:
    """It takes none."""


def run(_arguments: argparse.Namespace, settings: Settings) -> int:
    _database.migrate(settings)
    print("The database is up to date.")
    return 0

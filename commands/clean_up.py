"""Removes now what the schedule would remove within a day, and shows when it last did."""

import argparse
import asyncio
from datetime import timedelta

from commands import _database
from config import Settings
from errors import Conflict
from models.storage import scheduled_runs
from models.storage.clean_up import NAME as RUN
from models.storage.clean_up import clean_up, told

NAME = "clean-up"
HELP = "remove dead sessions, spent links, old throttles and mail that went; the server does it daily"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--last", action="store_true", help="remove nothing; show when it last ran, and what it removed"
    )


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    print(asyncio.run(show(settings) if arguments.last else remove(settings)))
    return 0


async def remove(settings: Settings) -> str:
    async with _database.connected(settings):
        removed = await clean_up(settings, timedelta())
    if removed is None:
        raise Conflict("Another process is cleaning up at this moment. Nothing was changed.")
    return f"Removed: {told(removed)}"


async def show(settings: Settings) -> str:
    async with _database.connected(settings):
        last = await scheduled_runs.last(RUN)
    if last is None or last.finished_at is None:
        return "It has not run yet."
    return f"{last.finished_at:%Y-%m-%d %H:%M} UTC: {told(last.outcome or {})}"

"""Removes now what the schedule would remove within a day, and shows when it last did."""

import argparse
import asyncio
from datetime import timedelta

from commands import _database
from commands._terminal import add_format, said
from config import Settings
from errors import Conflict
from models.storage import scheduled_runs
from models.storage.clean_up import NAME as RUN
from models.storage.clean_up import clean_up, told

NAME = "clean-up"
HELP = "remove dead sessions, spent links, old throttles and mail that went; the server does it daily"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_format(parser)
    parser.add_argument(
        "--last", action="store_true", help="remove nothing; show when it last ran, and what it removed"
    )


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    print(asyncio.run((show if arguments.last else remove)(arguments, settings)))
    return 0


async def remove(arguments: argparse.Namespace, settings: Settings) -> str:
    async with _database.connected(settings):
        removed = await clean_up(settings, timedelta())
    if removed is None:
        raise Conflict("Another process is cleaning up at this moment. Nothing was changed.")
    return said(arguments, {"removed": removed}, f"Removed: {told(removed)}")


async def show(arguments: argparse.Namespace, settings: Settings) -> str:
    async with _database.connected(settings):
        last = await scheduled_runs.last(RUN)
    if last is None or last.finished_at is None:
        return said(arguments, {"finished": None, "removed": {}}, "It has not run yet.")
    removed = last.outcome or {}
    text = f"{last.finished_at:%Y-%m-%d %H:%M} UTC: {told(removed)}"
    return said(arguments, {"finished": last.finished_at, "removed": removed}, text)

"""Shows the projects, and puts one away or takes it back, when none of its owners can."""

import argparse
import asyncio
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from commands import _database
from commands._terminal import add_format, said
from commands.sessions import reason, table
from config import Settings
from errors import NotFound
from models.audit.audit import COMMAND_LINE
from models.projects import governance
from models.projects.projects import PROJECTS
from models.storage.database import database

NAME = "projects"
HELP = "list the projects, archive one, or take it out of the archive"
MEANINGS = {
    "archive": "from then on it can only be read",
    "unarchive": "let its members work on it again",
}
HEADINGS = ("Project", "Name", "Standard", "Who may read it", "State")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    listing = actions.add_parser("list", help="show all projects, by name")
    add_format(listing)
    for name, meaning in MEANINGS.items():
        action = actions.add_parser(name, help=meaning)
        action.add_argument("--project", type=UUID, required=True, help="the identifier in the project's address")
        action.add_argument("--reason", type=reason, required=True, help="why; it is kept in the history")


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    print(asyncio.run((show if arguments.action == "list" else change)(arguments, settings)))
    return 0


async def show(arguments: argparse.Namespace, settings: Settings) -> str:
    columns = [PROJECTS.c[name] for name in ("id", "name", "standard", "visibility", "archived_date")]
    query = sa.select(*columns).order_by(sa.func.lower(PROJECTS.c.name), PROJECTS.c.id)
    async with _database.connected(settings), database.connection() as connection:
        found = (await connection.execute(query)).mappings().all()
    return said(arguments, [dict(project) for project in found], table([HEADINGS, *map(row, found)]))


def row(project: Mapping[Any, Any]) -> tuple[str, ...]:
    readers = "everyone" if project["visibility"] == "public" else "members"
    archived = project["archived_date"]
    state = f"archived {archived:%Y-%m-%d}" if archived else "in work"
    return str(project["id"]), project["name"], project["standard"], readers, state


async def change(arguments: argparse.Namespace, settings: Settings) -> str:
    async with _database.connected(settings):
        async with database.connection() as connection:
            there = sa.select(PROJECTS.c.id).where(PROJECTS.c.id == arguments.project)
            if (await connection.execute(there)).one_or_none() is None:
                raise NotFound("There is no project with this identifier. Nothing was changed.")
        if arguments.action == "archive":
            await governance.archive(COMMAND_LINE, arguments.project, arguments.reason)
            return "The project is archived."
        await governance.unarchive(COMMAND_LINE, arguments.project, arguments.reason)
        return "The project is out of the archive."

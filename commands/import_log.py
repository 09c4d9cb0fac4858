"""Reads a hazard log from a file into a project, as the page and the API do, for someone who may do it there."""

import argparse
import asyncio
from pathlib import Path
from uuid import UUID

from authentication.permissions import allows
from commands import _database, _projects
from commands._terminal import add_format, said
from config import Settings
from errors import TurvaError
from exchange.hazard_log import LAYOUTS
from models.projects import importing
from models.projects.importing import LogFile, OnProblem
from models.projects.imports import Import

NAME = "import"
HELP = "read a hazard log (.xlsx, .csv or .md) into a project"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="the workbook, CSV or Markdown file")
    parser.add_argument(
        "--project", type=UUID, required=True, help="the identifier at the end of the project's address"
    )
    parser.add_argument("--email-address", required=True, help=_projects.WHO)
    parser.add_argument("--layout", choices=list(LAYOUTS), help="only when it is not recognised")
    parser.add_argument(
        "--skip", action="store_true", help="leave rows that cannot be read, instead of storing nothing"
    )
    add_format(parser)


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    record = asyncio.run(import_file(arguments, settings))
    print(said(arguments, {"id": record.id, "file_name": record.file_name, **record.report}, report(record)))
    return 0


async def import_file(arguments: argparse.Namespace, settings: Settings) -> Import:
    on_problem = OnProblem.SKIP if arguments.skip else OnProblem.REFUSE
    async with _database.connected(settings):
        actor, project = await _projects.member(arguments.email_address, arguments.project, "hazard:import")
        log = read(arguments.file, arguments.layout, may_close=allows("hazard:status", project.role))
        return await Import.objects.get(id=await importing.store(actor, project, log, on_problem))


def read(path: Path, layout: str | None, *, may_close: bool) -> LogFile:
    try:
        with path.open("rb") as file:
            return importing.read(file, path.name, layout, may_close=may_close)
    except OSError as error:
        raise TurvaError(f"{path} cannot be read: {error.strerror}") from error


def report(record: Import) -> str:
    found = record.report
    lines = [f"Hazards imported by the layout {record.layout}: {record.imported}. Rows skipped: {record.skipped}."]
    return "\n".join([*lines, *importing.lines_of(found)])

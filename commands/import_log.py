"""Reads a hazard log from a file into a project, as the page and the API do, for someone who may do it there."""

import argparse
import asyncio
from pathlib import Path
from uuid import UUID

from authentication.permissions import PERMISSIONS
from commands import _database
from config import Settings
from errors import NotAllowed, NotFound, TurvaError
from exchange.hazard_log import LAYOUTS
from models import accounts, importing, projects
from models.audit import Actor
from models.importing import OnProblem
from models.imports import Import

NAME = "import"
HELP = "read a hazard log (.xlsx or .csv) into a project"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="the workbook or CSV file")
    parser.add_argument(
        "--project", type=UUID, required=True, help="the identifier at the end of the project's address"
    )
    parser.add_argument("--email-address", required=True, help="in whose name: a member who may import")
    parser.add_argument("--layout", choices=list(LAYOUTS), help="only when it is not recognised")
    parser.add_argument(
        "--skip", action="store_true", help="leave rows that cannot be read, instead of storing nothing"
    )


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    print(report(asyncio.run(import_file(arguments, settings))))
    return 0


async def import_file(arguments: argparse.Namespace, settings: Settings) -> Import:
    try:
        file = arguments.file.open("rb")
    except OSError as error:
        raise TurvaError(f"{arguments.file} cannot be read: {error.strerror}") from error
    with file:
        log = importing.read(file, arguments.file.name, arguments.layout)
    on_problem = OnProblem.SKIP if arguments.skip else OnProblem.REFUSE
    async with _database.connected(settings):
        actor, project = await importer(arguments.email_address, arguments.project)
        return await Import.objects.get(id=await importing.store(actor, project, log, on_problem))


async def importer(email_address: str, project_id: UUID) -> tuple[Actor, projects.VisibleProject]:
    """Who imports and into what; the same permission counts as on the page."""
    user = await accounts.by_email_address(email_address)
    project = await projects.visible(project_id, user.id) if user else None
    if user is None or not user.is_active or project is None:
        raise NotFound("There is no such project for this email address. Check both.")
    if project.role not in PERMISSIONS["hazard:import"]:
        raise NotAllowed
    return Actor(user.id, request_id="command line"), project


def report(record: Import) -> str:
    found = record.report
    lines = [f"Imported {record.imported} hazards by the layout {record.layout}; {record.skipped} rows were skipped."]
    lines += [
        f"Row {entry['row']}: the file says level {entry['stored']} ({entry['stage']}), the matrix {entry['derived']}"
        for entry in found["disagreements"]
    ]
    for problem in (*found["problems"], *found["notes"]):
        place = f"Row {problem['row']}, " if problem["row"] else ""
        lines.append(f"{place}{problem['column']}: {problem['message']}")
    return "\n".join(lines)

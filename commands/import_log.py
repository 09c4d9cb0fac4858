"""Reads a hazard log from a file into a project, as the page and the API do, for someone who may do it there."""

import argparse
import asyncio
from pathlib import Path
from uuid import UUID

from authentication.permissions import PERMISSIONS
from commands import _database
from config import Settings
from errors import Invalid, NotAllowed, NotFound, TurvaError
from exchange.hazard_log import LAYOUTS, Problem
from models import accounts, importing, projects
from models.audit import Actor
from models.importing import LogFile, OnProblem
from models.imports import Import

NAME = "import"
HELP = "read a hazard log (.xlsx or .csv) into a project"
DISAGREEMENT = "Row {row}: the {stage} level is {stored} in the file and {derived} by the matrix; both are kept."


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
    try:
        print(report(asyncio.run(import_file(arguments, settings))))
    except Invalid as error:
        raise TurvaError("\n".join([error.detail, *(problem.message for problem in error.problems)])) from error
    return 0


async def import_file(arguments: argparse.Namespace, settings: Settings) -> Import:
    on_problem = OnProblem.SKIP if arguments.skip else OnProblem.REFUSE
    async with _database.connected(settings):
        actor, project = await importer(arguments.email_address, arguments.project)
        log = read(arguments.file, arguments.layout)
        return await Import.objects.get(id=await importing.store(actor, project, log, on_problem))


def read(path: Path, layout: str | None) -> LogFile:
    try:
        with path.open("rb") as file:
            return importing.read(file, path.name, layout)
    except OSError as error:
        raise TurvaError(f"{path} cannot be read: {error.strerror}") from error


async def importer(email_address: str, project_id: UUID) -> tuple[Actor, projects.VisibleProject]:
    """Who imports and into what; the same permission counts as on the page."""
    user = await accounts.by_email_address(email_address)
    may_act = user is not None and user.is_active and user.is_verified
    project = await projects.visible(project_id, user.id) if user and may_act else None
    if user is None or project is None:
        raise NotFound("There is no such project for this email address. Check both.")
    if project.role not in PERMISSIONS["hazard:import"]:
        raise NotAllowed
    return Actor(user.id, request_id="command line"), project


def report(record: Import) -> str:
    found = record.report
    lines = [f"Hazards imported by the layout {record.layout}: {record.imported}. Rows skipped: {record.skipped}."]
    lines += [DISAGREEMENT.format_map(entry) for entry in found["disagreements"]]
    lines += [importing.sentence(Problem(**problem)) for problem in (*found["problems"], *found["notes"])]
    return "\n".join(lines)

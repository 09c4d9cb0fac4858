"""Reads a hazard log, and does its main acts in the name of a member, for scripts and for builds."""

import argparse
import asyncio
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from commands import _database, _projects
from commands._terminal import add_format, harmless, said
from commands.sessions import table
from config import Settings
from errors import NotFound
from models.enumerations import ControlStage, HazardStatus, Likelihood, Severity, Stage
from models.hazards import hazard_additions, hazard_edits, hazard_log, hazard_pages
from models.hazards.hazard_additions import NewControl, NewHazard, NewRating
from models.hazards.hazard_filters import HazardFilter
from models.hazards.hazard_log import HAZARDS, REFERENCE
from models.storage.database import database
from models.users.people import Viewer

NAME = "hazards"
HELP = "list the hazards of a log, show one, or record, assess or close one"
HEADINGS = ("Hazard", "Status", "Initial", "Residual", "Owner", "Name")
READER = Viewer(colleague=True)
"""Who has the server reads a log as its members do."""
BATCH = 500
LONGEST_LINE, LONGEST_TEXT = 300, 65_536
TEXTS = ("name", "status", "description", "effect", "harm", "owner")
JUDGED = {
    "stage": "initial, or residual: with the additional controls",
    "severity": "of the harm, in the words of the matrix",
    "likelihood": "of the harm, in the words of the matrix",
}
MEANINGS = {
    "description": "what the hazard is",
    "effect": "what it does to the care of the patient",
    "harm": "what may come of that for the patient",
    "owner": "who sees to it, as it is written in the log",
}
LISTS = {"cause": "a cause; may be repeated", "existing-control": "a control that is in place; may be repeated"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    add_reading(actions)
    add_create(acting(actions, "create", "record a hazard"))
    assess = acting(actions, "assess", "judge the risk of a hazard; the level follows from the matrix", about_one=True)
    for name, values in (("stage", Stage), ("severity", Severity), ("likelihood", Likelihood)):
        assess.add_argument(f"--{name}", choices=list(values), type=values, required=True, help=JUDGED[name])
    for name in ("severity", "likelihood"):
        assess.add_argument(f"--{name}-justification", type=required, required=True, help=f"why this {name}")
    close = acting(actions, "close", "close a hazard, all of whose actions are completed", about_one=True)
    close.add_argument("--justification", type=required, required=True, help="why; it is kept in the history")


def add_reading(actions: Any) -> None:
    listing = actions.add_parser("list", help="show the hazards of a log, by number")
    several: dict[str, Any] = {"action": "append", "default": []}
    statuses = list(HazardStatus)
    listing.add_argument("--status", choices=statuses, type=HazardStatus, help="may be repeated", **several)
    listing.add_argument(
        "--level", choices=range(1, 6), type=int, help="of the current risk; may be repeated", **several
    )
    listing.add_argument("--search", default="", help="only those with these words")
    showing = actions.add_parser("show", help="show one hazard in full")
    showing.add_argument("reference", help="such as HAZ-007 or 7")
    for parser in (listing, showing):
        parser.add_argument("--project", required=True, help=_projects.HELP)
        add_format(parser)


def acting(actions: Any, name: str, meaning: str, *, about_one: bool = False) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = actions.add_parser(name, help=meaning)
    if about_one:
        parser.add_argument("reference", help="such as HAZ-007 or 7")
    parser.add_argument("--project", required=True, help=_projects.HELP)
    parser.add_argument("--email-address", required=True, help=_projects.WHO)
    add_format(parser)
    return parser


def add_create(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--name", type=line, required=True, help="the hazard in one line")
    for name, meaning in MEANINGS.items():
        parser.add_argument(f"--{name}", type=text, default="", help=meaning)
    for name, meaning in LISTS.items():
        parser.add_argument(f"--{name}", type=required, action="append", default=[], help=meaning)


def text(given: str) -> str:
    """As the page takes it: not too long, and nothing that a terminal obeys."""
    kept = given.strip()
    if len(kept) > LONGEST_TEXT or not kept.replace("\n", " ").replace("\t", " ").isprintable():
        raise argparse.ArgumentTypeError(f"enter a text of at most {LONGEST_TEXT:,} characters that can be printed")
    return kept


def required(given: str) -> str:
    kept = text(given)
    if not kept:
        raise argparse.ArgumentTypeError("enter a text")
    return kept


def line(given: str) -> str:
    kept = required(given)
    if len(kept) > LONGEST_LINE or not kept.isprintable():
        raise argparse.ArgumentTypeError(f"enter one line of at most {LONGEST_LINE} characters")
    return kept


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    act = {"list": listed, "show": shown, "create": created, "assess": assessed, "close": closed}[arguments.action]
    print(asyncio.run(in_database(act, arguments, settings)))
    return 0


async def in_database(act: Any, arguments: argparse.Namespace, settings: Settings) -> str:
    async with _database.connected(settings):
        told: str = await act(arguments, (await _projects.find(arguments.project)).id)
    return told


async def listed(arguments: argparse.Namespace, project: UUID) -> str:
    wanted = HazardFilter(arguments.search, tuple(arguments.status), tuple(arguments.level))
    found: list[dict[str, Any]] = []
    total = 1
    for page in range(1, 1_000_000):
        if len(found) >= total:
            break
        some, total = await hazard_pages.page(project, wanted, page, BATCH, READER)
        found += some
    return said(arguments, found, table([HEADINGS, *(row(hazard) for hazard in found)]))


def row(hazard: Mapping[str, Any]) -> tuple[str, ...]:
    levels = [str(hazard[stage]["level"]) if hazard[stage] else "-" for stage in Stage]
    return (
        hazard["reference"],
        hazard["status"],
        *levels,
        " ".join((hazard["owned_by"] or hazard["owner"]).split()),
        hazard["name"],
    )


async def shown(arguments: argparse.Namespace, project: UUID) -> str:
    hazard = await in_full(project, await key_of(project, arguments.reference))
    return said(arguments, hazard, in_words(hazard))


async def in_full(project: UUID, key: UUID) -> dict[str, Any]:
    hazard = await hazard_log.hazard(project, key, READER)
    assert hazard  # noqa: S101 - it was found a statement before, and no hazard is ever deleted
    return hazard


def in_words(hazard: Mapping[str, Any]) -> str:
    lines = [f"{hazard['reference']} (version {hazard['version']})"]
    lines += [f"{name.capitalize()}: {hazard[name]}" for name in TEXTS if hazard[name]]
    lines += [f"Cause: {cause}" for cause in hazard["causes"]]
    lines += [f"Control ({one['stage']}, {one['state']}): {one['description']}" for one in hazard["controls"]]
    for stage in Stage:
        rating = hazard[stage]
        if rating:
            words = f"severity {rating['severity']}, likelihood {rating['likelihood']}"
            lines.append(f"{stage.capitalize()} risk: level {rating['level']}, {words}")
    return harmless("\n".join(lines))


async def created(arguments: argparse.Namespace, project: UUID) -> str:
    actor, _ = await _projects.member(arguments.email_address, project, "hazard:write")
    controls = [NewControl(one, ControlStage.EXISTING) for one in arguments.existing_control]
    texts = {name: getattr(arguments, name) for name in ("name", "description", "effect", "harm", "owner")}
    [key] = await hazard_additions.create(
        actor, project, [NewHazard(**texts, causes=arguments.cause, controls=controls)]
    )
    hazard = await in_full(project, key)
    return said(arguments, hazard, hazard["reference"])


async def assessed(arguments: argparse.Namespace, project: UUID) -> str:
    actor, _ = await _projects.member(arguments.email_address, project, "hazard:assess")
    names = ("severity", "likelihood", "severity_justification", "likelihood_justification")
    rating = NewRating(**{name: getattr(arguments, name) for name in names})
    hazard = await key_of(project, arguments.reference)
    key = await hazard_edits.assess(actor, project, hazard, arguments.stage, rating)
    assessment = await hazard_log.assessment(key, READER)
    return said(arguments, assessment, f"Level {assessment['level']}")


async def closed(arguments: argparse.Namespace, project: UUID) -> str:
    actor, _ = await _projects.member(arguments.email_address, project, "hazard:status")
    hazard = await key_of(project, arguments.reference)
    await hazard_edits.set_status(actor, project, hazard, HazardStatus.CLOSED, arguments.justification)
    return said(arguments, await in_full(project, hazard), "The hazard is closed.")


async def key_of(project: UUID, reference: str) -> UUID:
    """NotFound for what is no number of a hazard in this log."""
    found = REFERENCE.fullmatch(reference.strip())
    query = sa.select(HAZARDS.c.id).where(
        HAZARDS.c.project_id == project, HAZARDS.c.number == int(found["number"] if found else 0)
    )
    async with database.connection() as connection:
        key: UUID | None = (await connection.execute(query)).scalar_one_or_none()
    if key is None:
        raise NotFound("There is no such hazard in this log. `hazards list` shows them all.")
    return key

"""Runs the quality checks over a hazard log, so that a script or a build can stop where a rule finds something."""

import argparse
import asyncio
import sys
from collections import Counter
from typing import NamedTuple

from checks import rules
from checks.rule import Finding, Gravity
from commands import _database, _projects
from commands._terminal import add_format, harmless, said
from config import Settings
from errors import TurvaError
from models.hazards import hazard_log
from models.projects import quality_checks

NAME = "check"
HELP = "run the quality checks over a hazard log"
CLEAN, FOUND, NOT_CHECKED = 0, 1, 2
"""Exit statuses: a build must be able to tell a finding from a log that could not be read."""


class Checked(NamedTuple):
    project: str
    hazards: int
    found: list[tuple[str, Finding]]
    """Each finding with the reference of its hazard."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--project", required=True, help=_projects.HELP)
    parser.add_argument(
        "--fail-on",
        choices=list(Gravity),
        type=Gravity,
        help="end with status 1 when something of this severity or a graver one is found",
    )
    parser.add_argument(
        "--rule", choices=sorted(rules.BY_ID), action="append", metavar="ID", help="only this rule; may be repeated"
    )
    add_format(parser)


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    try:
        checked = asyncio.run(check(arguments, settings))
    except TurvaError as error:
        print(f"The log was not checked. {error}", file=sys.stderr)
        return NOT_CHECKED
    print(said(arguments, as_data(checked), as_text(checked)))
    return FOUND if arguments.fail_on and grave(checked, arguments.fail_on) else CLEAN


async def check(arguments: argparse.Namespace, settings: Settings) -> Checked:
    wanted = arguments.rule or rules.BY_ID
    async with _database.connected(settings):
        project = await _projects.find(arguments.project)
        hazards, found = 0, []
        async for hazard, findings in quality_checks.of_project(project.id):
            hazards += 1
            reference = hazard_log.reference(hazard.number)
            found += [(reference, finding) for finding in findings if finding.rule.id in wanted]
    return Checked(project.name, hazards, found)


def grave(checked: Checked, least: Gravity) -> bool:
    order = list(Gravity)
    return any(order.index(finding.rule.severity) <= order.index(least) for _, finding in checked.found)


def as_text(checked: Checked) -> str:
    """A line for each message, as compilers write them, and a line that counts the findings."""
    lines = [
        f"{reference}: {finding.rule.severity} {finding.rule.id}: {finding.message}"
        for reference, finding in checked.found
    ]
    counts = ", ".join(f"{severity} {count}" for severity, count in counted(checked).items())
    return harmless("\n".join([*lines, f"{checked.project}: {checked.hazards} hazards checked; {counts}"]))


def counted(checked: Checked) -> dict[str, int]:
    """As the report of the log counts: what a rule finds in a hazard is one finding, however many controls it names."""
    counts = Counter(severity for _, _, severity in {(at, one.rule.id, one.rule.severity) for at, one in checked.found})
    return {severity.value: counts[severity] for severity in Gravity}


def as_data(checked: Checked) -> dict[str, object]:
    findings = [
        {
            "hazard": reference,
            "rule": finding.rule.id,
            "severity": finding.rule.severity,
            "title": finding.rule.title,
            "message": finding.message,
            "reason": finding.rule.reason,
            "clause": finding.rule.clause,
        }
        for reference, finding in checked.found
    ]
    told = {"project": checked.project, "checked": checked.hazards, "by_severity": counted(checked)}
    return {**told, "findings": findings}

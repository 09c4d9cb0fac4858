"""The report of a log: the same as checking each hazard, in pages, and never older than the log."""

import asyncio
from uuid import UUID

import pytest

from checks import rules
from models.audit.audit import Actor
from models.hazards import hazard_additions, hazard_edits, hazard_pages
from models.hazards.hazard_additions import NewHazard
from models.hazards.hazard_filters import HazardFilter
from models.projects import check_report, quality_checks
from models.storage.columns import new_id
from models.storage.database import Database
from tests.authentication.statements import counted
from tests.models.samples import make_project

ACTOR = Actor()
LOG = [NewHazard(name=f"Hazard number {number} of the log", harm="Pain" if number % 2 else "") for number in range(7)]


@pytest.fixture
async def project(database: Database) -> UUID:
    key: UUID = (await make_project()).id
    await hazard_additions.create(ACTOR, key, LOG)
    return key


async def every_pair(project: UUID) -> list[tuple[str, UUID, list[str]]]:
    """What is found, hazard by hazard, in the order of a report."""
    found = [(hazard, findings) async for hazard, findings in quality_checks.of_project(project)]
    pairs = []
    for rule in rules.RULES:
        for hazard, findings in found:
            messages = [finding.message for finding in findings if finding.rule is rule]
            pairs += [(rule.id, hazard.id, messages)] if messages else []
    return pairs


@pytest.mark.parametrize("limit", [1, 5, 100])
async def test_the_pages_together_tell_all_that_is_found_in_each_hazard(project: UUID, limit: int) -> None:
    expected = await every_pair(project)
    report = await check_report.of_project(project)
    seen: list[tuple[str, UUID, list[str]]] = []
    for start in range(0, len(expected), limit):
        told, total = await check_report.page(project, report, rules.RULES, start, limit)
        assert total == len(expected)
        seen += [(found.rule.id, found.hazard.id, list(found.messages)) for found in told]
    assert seen == expected
    assert await check_report.page(project, report, rules.RULES, len(expected), limit) == ([], len(expected))


async def test_it_counts_hazards_by_rule_and_by_severity(project: UUID) -> None:
    report = await check_report.of_project(project)
    assert (report.hazards, report.clean) == (7, 0)
    assert len(report.found["HAZ004"]) == 4
    severities = report.by_severity()
    for severity, count in severities.items():
        assert count == sum(len(report.found[rule.id]) for rule in rules.RULES if rule.severity is severity)
    assert sum(severities.values()) == len(await every_pair(project))


async def test_one_rule_alone(project: UUID) -> None:
    report = await check_report.of_project(project)
    told, total = await check_report.page(project, report, [rules.BY_ID["HAZ004"]], 1, 2)
    assert ([found.hazard.number for found in told], total) == ([3, 5], 4)


async def test_it_is_made_anew_when_the_log_changes_and_only_then(project: UUID) -> None:
    before = await check_report.of_project(project)
    with counted() as statements:
        assert await check_report.of_project(project) is before
    assert len(statements) == 1
    [first, *_], _ = await hazard_pages.page(project, HazardFilter(), 1, 1)
    await hazard_edits.edit(ACTOR, project, first["id"], 1, {"harm": "A fall"})
    after = await check_report.of_project(project)
    assert (len(before.found["HAZ004"]), len(after.found["HAZ004"])) == (4, 3)


async def test_many_who_ask_at_once_wait_for_one_report(project: UUID) -> None:
    with counted() as statements:
        reports = await asyncio.gather(*(check_report.of_project(project) for _ in range(5)))
    assert all(report is reports[0] for report in reports)
    # Five times the head, and one report.
    assert len(statements) == 5 + 8


async def test_a_page_tells_nothing_that_was_put_right_meanwhile(project: UUID) -> None:
    old = await check_report.of_project(project)
    [first, *_], _ = await hazard_pages.page(project, HazardFilter(), 1, 1)
    await hazard_edits.edit(ACTOR, project, first["id"], 1, {"harm": "A fall"})
    told, _ = await check_report.page(project, old, [rules.BY_ID["HAZ004"]], 0, 10)
    assert [found.hazard.number for found in told] == [3, 5, 7]


async def test_few_reports_are_kept(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check_report, "MOST_KEPT", 2)
    monkeypatch.setattr(check_report, "_kept", type(check_report._kept)())
    keys = [new_id() for _ in range(3)]
    for key in keys:
        assert (await check_report.of_project(key)).hazards == 0
    assert list(check_report._kept) == keys[1:]

"""What the rules find in a whole log: counted for every rule, told for a page of hazards at a time.

Checking ten thousand hazards takes seconds. Which hazards each rule finds something in is therefore kept in this
process until the log changes; the messages of a page are made from its hazards as they are now.
"""

import asyncio
import datetime as dt
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID
from weakref import WeakValueDictionary

import sqlalchemy as sa

from checks import rules
from checks.hazard import Hazard
from checks.rule import Gravity, Rule
from models.audit.audit_chain import HEADS
from models.projects import quality_checks
from models.storage.columns import utc_now
from models.storage.database import database

MOST_KEPT = 16
"""Logs; of ten thousand hazards each takes some megabytes."""


@dataclass(frozen=True, slots=True)
class Report:
    """`found` has for each rule the keys of its hazards, by their numbers; `state` says of which log and day."""

    state: tuple[int, dt.date]
    hazards: int
    clean: int
    found: Mapping[str, Sequence[UUID]]

    def by_severity(self) -> dict[Gravity, int]:
        """How often a rule of each severity finds something in a hazard."""
        counts = dict.fromkeys(Gravity, 0)
        for rule, hazards in self.found.items():
            counts[rules.BY_ID[rule].severity] += len(hazards)
        return counts


@dataclass(frozen=True, slots=True)
class Found:
    """What one rule finds in one hazard."""

    rule: Rule
    hazard: Hazard
    messages: Sequence[str]


_kept: OrderedDict[UUID, Report] = OrderedDict()
_turns: WeakValueDictionary[UUID, asyncio.Lock] = WeakValueDictionary()
"""Several who ask for one log at once wait for one report."""


async def of_project(project_id: UUID) -> Report:
    """The report of a log as it is now. Every change of a project moves the head of its audit chain."""
    state = (await head(project_id), utc_now().date())
    turn = _turns.setdefault(project_id, asyncio.Lock())
    async with turn:
        known = _kept.get(project_id)
        report = known if known and known.state == state else await made(project_id, state)
        _kept[project_id] = report
        _kept.move_to_end(project_id)
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
    return report


async def head(project_id: UUID) -> int:
    async with database.connection() as connection:
        found = await connection.execute(sa.select(HEADS.c.seq).where(HEADS.c.stream == project_id))
    return found.scalar_one_or_none() or 0


async def made(project_id: UUID, state: tuple[int, dt.date]) -> Report:
    found: dict[str, list[UUID]] = {rule.id: [] for rule in rules.RULES}
    hazards = clean = 0
    async for hazard in quality_checks.hazards(project_id):
        hazards += 1
        broken = [rule.id for rule in rules.RULES if rules.finds(rule, hazard)]
        clean += not broken
        for rule in broken:
            found[rule].append(hazard.id)
    return Report(state, hazards, clean, found)


async def page(
    project_id: UUID, report: Report, wanted: Iterable[Rule], start: int, limit: int
) -> tuple[list[Found], int]:
    """What these rules find from `start` on, in their order, and how much there is in all."""
    pairs: list[tuple[Rule, UUID]] = []
    before = 0
    for one in wanted:
        keys = report.found[one.id]
        pairs += [(one, key) for key in keys[max(0, start - before) : max(0, start + limit - before)]]
        before += len(keys)
    keys_shown = list(dict.fromkeys(key for _, key in pairs))
    repeated = await quality_checks.names(project_id, keys_shown)
    hazards = {hazard.id: hazard for hazard in await quality_checks.read(keys_shown, repeated)}
    told = [Found(one, hazards[key], list(rules.messages(one, hazards[key]))) for one, key in pairs]
    return [found for found in told if found.messages], before

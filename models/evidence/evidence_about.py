"""What evidence is about: hazards, controls and assessments of one project, found, locked, and told to history."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from errors import HazardClosed, NotFound
from models.audit.audit import Change
from models.enumerations import HazardStatus
from models.evidence.evidence import Evidence
from models.hazards import hazard_edits, upkeep
from models.hazards.hazard_log import ASSESSMENTS, CONTROLS, EVIDENCE_LINKS, HAZARDS, LINKS
from models.storage.database import database

EVIDENCE = Evidence.ormar_config.table
Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Targets:
    """By their keys."""

    hazards: Sequence[UUID] = ()
    controls: Sequence[UUID] = ()
    assessments: Sequence[UUID] = ()

    def rows(self) -> list[dict[str, UUID | None]]:
        """The columns of a link to each, every target once."""
        named = (("hazard_id", self.hazards), ("control_id", self.controls), ("assessment_id", self.assessments))
        blank: dict[str, UUID | None] = {name: None for name, _ in named}
        return [{**blank, name: key} for name, keys in named for key in dict.fromkeys(keys)]


@dataclass(frozen=True)
class Held:
    """Hazards and controls whose evidence changes, locked until the commit, with the evidence that they have now."""

    hazards: Sequence[Mapping[str, Any]]
    controls: Sequence[Mapping[str, Any]]
    before: Mapping[UUID, list[dict[str, Any]]]

    async def changes(self, verb: str, reason: str | None = None) -> list[Change]:
        """Their next versions, once the links are stored; `evidence_links` is the whole list before and after."""
        after = await told([one["id"] for one in self.hazards], [one["id"] for one in self.controls])
        found = []
        for hazard in self.hazards:
            await hazard_edits.bump(hazard["id"], {})
            found.append(hazard_edits.next_version(hazard, f"hazard:{verb}", **self.lists(hazard["id"], after, reason)))
        for control in self.controls:
            key, version = control["id"], control["version"] + 1
            await store_version(key, version)
            lists = self.lists(key, after, reason)
            found.append(Change(f"control:{verb}", "control", key, control["project_id"], version, **lists))
        upkeep.touched(*await resting_on([control["id"] for control in self.controls]))
        return found

    def lists(self, key: UUID, after: Mapping[UUID, Any], reason: str | None) -> dict[str, Any]:
        before = {"evidence_links": self.before[key]} if self.before[key] else None
        return {"before": before, "after": {"evidence_links": after[key]}, "reason": reason}


async def hold(project_id: UUID, targets: Targets, *, taken_off: bool = False) -> Held:
    """NotFound for anything of another project; HazardClosed where the evidence of a closed hazard would change.

    To a control of which another hazard is open evidence may be added, but none is `taken_off`.
    """
    assessed = await hazards_of_assessments(targets.assessments)
    hazards = [await hazard_edits.editable(project_id, key) for key in sorted({*targets.hazards, *assessed})]
    controls = await locked_controls(project_id, set(targets.controls), taken_off=taken_off)
    before = await told([one["id"] for one in hazards], [one["id"] for one in controls])
    return Held(hazards, controls, before)


async def hazards_of_assessments(keys: Iterable[UUID]) -> set[UUID]:
    wanted = set(keys)
    if not wanted:
        return set()
    async with database.connection() as connection:
        query = sa.select(ASSESSMENTS.c.hazard_id).where(ASSESSMENTS.c.id.in_(wanted))
        found = (await connection.execute(query)).scalars().all()
    if len(found) < len(wanted):
        raise NotFound
    return set(found)


async def locked_controls(project_id: UUID, keys: set[UUID], *, taken_off: bool) -> Rows:
    """HazardClosed where all hazards that rest on a control are closed, or one is: what it rested on stays there."""
    if not keys:
        return []
    columns = [CONTROLS.c[name] for name in ("id", "project_id", "version", "state", "evidence")]
    found = sa.select(*columns).where(CONTROLS.c.id.in_(keys), CONTROLS.c.project_id == project_id)
    statuses = (
        sa.select(LINKS.c.control_id, HAZARDS.c.status)
        .join(HAZARDS, HAZARDS.c.id == LINKS.c.hazard_id)
        .where(LINKS.c.control_id.in_(keys))
    )
    ordered = found.order_by(CONTROLS.c.id).with_for_update()
    async with database.connection() as connection:
        rows = [dict(row) for row in (await connection.execute(ordered)).mappings()]
        of_hazards = (await connection.execute(statuses)).all()
    if len(rows) < len(keys):
        raise NotFound
    at_work = {row.control_id for row in of_hazards if row.status is not HazardStatus.CLOSED}
    closed = {row.control_id for row in of_hazards if row.status is HazardStatus.CLOSED}
    if closed if taken_off else closed - at_work:
        raise HazardClosed
    return rows


async def told(hazards: Sequence[UUID], controls: Sequence[UUID]) -> dict[UUID, list[dict[str, Any]]]:
    """For each hazard or control the evidence that it has, as history tells it; of a hazard also its assessments'."""
    lists: dict[UUID, list[dict[str, Any]]] = {key: [] for key in (*hazards, *controls)}
    whose = sa.func.coalesce(EVIDENCE_LINKS.c.hazard_id, ASSESSMENTS.c.hazard_id, EVIDENCE_LINKS.c.control_id)
    names = ("id", "evidence_id", "purpose", "assessment_id")
    query = (
        sa.select(whose.label("whose"), EVIDENCE.c.title, *(EVIDENCE_LINKS.c[name] for name in names))
        .join(EVIDENCE, EVIDENCE.c.id == EVIDENCE_LINKS.c.evidence_id)
        .outerjoin(ASSESSMENTS, ASSESSMENTS.c.id == EVIDENCE_LINKS.c.assessment_id)
        .where(EVIDENCE_LINKS.c.id.in_(links_of(hazards, controls)))
        .order_by(EVIDENCE_LINKS.c.id)
    )
    async with database.connection() as connection:
        for row in (await connection.execute(query)).mappings():
            lists[row["whose"]].append({name: row[name] for name in (*names, "title")})
    return lists


def links_of(hazards: Sequence[UUID], controls: Sequence[UUID] | sa.Select[Any]) -> sa.CompoundSelect[Any]:
    """Links of hazards, of their assessments, and of controls; apart, as each has an index of its own."""
    judged = sa.select(ASSESSMENTS.c.id).where(ASSESSMENTS.c.hazard_id.in_(hazards))
    ways = (
        EVIDENCE_LINKS.c.hazard_id.in_(hazards),
        EVIDENCE_LINKS.c.assessment_id.in_(judged),
        EVIDENCE_LINKS.c.control_id.in_(controls),
    )
    return sa.union_all(*(sa.select(EVIDENCE_LINKS.c.id).where(way) for way in ways))


async def store_version(control_id: UUID, version: int) -> None:
    async with database.connection() as connection:
        await connection.execute(sa.update(CONTROLS).where(CONTROLS.c.id == control_id).values(version=version))


async def resting_on(controls: Sequence[UUID]) -> Sequence[UUID]:
    """The hazards that these controls serve."""
    async with database.connection() as connection:
        query = sa.select(LINKS.c.hazard_id).where(LINKS.c.control_id.in_(controls)).distinct()
        return (await connection.execute(query)).scalars().all()

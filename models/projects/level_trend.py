"""How many hazards that are not closed had each risk level over time, told by assessments and by history."""

import datetime as dt
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, pairwise
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from models.audit.audit import ENTRIES
from models.enumerations import HazardStatus, Stage
from models.hazards.hazard_log import ASSESSMENTS, HAZARDS
from models.storage.database import database

STEPS = (1, 7, 28, 84, 364)
"""Days between two points; the smallest with which there are not too many."""
MOST_POINTS = 26
UNRATED = 0
STATUS_ACTIONS = ("hazard:close", "hazard:transfer", "hazard:reopen")
Moment = dt.datetime
Place = int
"""The first point at which something is so."""


@dataclass
class Life:
    """What became of a hazard: how it was rated, and when it was closed and reopened."""

    began: Place
    status: HazardStatus
    ratings: list[tuple[Stage, int, Place, Place | None]] = field(default_factory=list)
    turns: list[tuple[Place, str, str]] = field(default_factory=list)
    """When its status changed, from what, to what; the oldest first."""

    def spans(self) -> Iterator[tuple[Place, Place | None, int]]:
        """From when to when it was not closed, at which level."""
        places = {self.began, *(at for at, _, _ in self.turns), *(begun for _, _, begun, _ in self.ratings)}
        places |= {ended for *_, ended in self.ratings if ended is not None}
        for start, end in pairwise([*sorted(place for place in places if place >= self.began), None]):
            if start is not None and self.status_at(start) != HazardStatus.CLOSED:
                yield start, end, self.level_at(start)

    def status_at(self, place: Place) -> str:
        passed = [after for at, _, after in self.turns if at <= place]
        return passed[-1] if passed else self.turns[0][1] if self.turns else self.status

    def level_at(self, place: Place) -> int:
        """The residual level where there was one, else the initial one, else UNRATED."""
        then = {
            stage: level
            for stage, level, begun, ended in self.ratings
            if begun <= place and (ended is None or place < ended)
        }
        return then.get(Stage.RESIDUAL, then.get(Stage.INITIAL, UNRATED))


async def of_project(project_id: UUID, now: Moment) -> tuple[list[dt.date], dict[int, list[int]]]:
    """The days of the points, and for each level (UNRATED too) the count at each: five statements."""
    oldest = sa.select(sa.func.min(HAZARDS.c.created_date)).where(HAZARDS.c.project_id == project_id)
    async with database.connection() as connection:
        first = (await connection.execute(oldest)).scalar_one()
    points = points_until(now, first or now)
    lives = [*await plain_lives(project_id, points), *((life, 1) for life in await eventful_lives(project_id, points))]
    counts = counted(lives, len(points))
    return [point.date() for point in points], counts


def counted(lives: Iterable[tuple[Life, int]], points: int) -> dict[int, list[int]]:
    changes: dict[int, Counter[int]] = defaultdict(Counter)
    for life, count in lives:
        for start, end, level in life.spans():
            changes[level][start] += count
            if end is not None:
                changes[level][end] -= count
    return {level: list(accumulate(changes[level][place] for place in range(points))) for level in range(6)}


def points_until(now: Moment, first: Moment) -> list[Moment]:
    """Moments up to now at an even distance, of which the first is no more than a step before anything began."""
    days = (now - first).days + 1
    step = next((step for step in STEPS if days <= step * (MOST_POINTS - 1)), STEPS[-1])
    back = min(-(-days // step), MOST_POINTS - 1)
    return [now - dt.timedelta(days=step * number) for number in range(back, -1, -1)]


def turned(project_id: UUID) -> sa.Select[Any]:
    """The changes of status of a project, the oldest first."""
    entries = sa.select(ENTRIES.c.entity_id, ENTRIES.c.at, ENTRIES.c.before, ENTRIES.c.after)
    mine = (ENTRIES.c.stream == project_id, ENTRIES.c.action.in_(STATUS_ACTIONS), ENTRIES.c.entity_id.is_not(None))
    return entries.where(*mine)


def eventful(project_id: UUID) -> sa.ColumnElement[bool]:
    """Whether a hazard was assessed anew, or its status changed: most never were."""
    anew = sa.select(ASSESSMENTS.c.hazard_id).join_from(ASSESSMENTS, HAZARDS, HAZARDS.c.id == ASSESSMENTS.c.hazard_id)
    anew = anew.where(HAZARDS.c.project_id == project_id, ASSESSMENTS.c.superseded_date.is_not(None))
    turns = turned(project_id).with_only_columns(ENTRIES.c.entity_id)
    return sa.or_(HAZARDS.c.id.in_(anew), HAZARDS.c.id.in_(turns))


async def plain_lives(project_id: UUID, points: Sequence[Moment]) -> list[tuple[Life, int]]:
    """Hazards that went the usual way, and how many went each: the database puts together what the chart does."""

    def place(at: sa.ColumnElement[Moment]) -> sa.ColumnElement[int]:
        return sa.case(*((at <= point, number) for number, point in enumerate(points)), else_=len(points))

    def of(stage: Stage, value: sa.ColumnElement[int]) -> sa.ColumnElement[int]:
        return sa.func.max(sa.case((ASSESSMENTS.c.stage == stage, value)))

    facts = [of(stage, value) for stage in Stage for value in (ASSESSMENTS.c.level, place(ASSESSMENTS.c.created_date))]
    named = [fact.label(f"fact_{number}") for number, fact in enumerate(facts)]
    each = (
        sa.select(HAZARDS.c.status, place(HAZARDS.c.created_date).label("began"), *named)
        .select_from(HAZARDS.outerjoin(ASSESSMENTS, ASSESSMENTS.c.hazard_id == HAZARDS.c.id))
        .where(HAZARDS.c.project_id == project_id, ~eventful(project_id))
        .group_by(HAZARDS.c.id)
        .subquery()
    )
    async with database.connection() as connection:
        rows = await connection.execute(sa.select(*each.c, sa.func.count()).group_by(*each.c))
        return [(life_of(*row[:-1]), row[-1]) for row in rows]


def life_of(status: HazardStatus, began: Place, *facts: int | None) -> Life:
    life = Life(began, status)
    for stage, level, begun in zip(Stage, facts[::2], facts[1::2], strict=True):
        if level is not None and begun is not None:
            life.ratings.append((stage, level, begun, None))
    return life


async def eventful_lives(project_id: UUID, points: Sequence[Moment]) -> list[Life]:
    mine = (HAZARDS.c.project_id == project_id, eventful(project_id))
    hazards = sa.select(HAZARDS.c.id, HAZARDS.c.created_date, HAZARDS.c.status).where(*mine)
    rated = [ASSESSMENTS.c[name] for name in ("hazard_id", "stage", "level", "created_date", "superseded_date")]
    ratings = sa.select(*rated).join_from(ASSESSMENTS, HAZARDS, HAZARDS.c.id == ASSESSMENTS.c.hazard_id).where(*mine)

    def place(at: Moment) -> Place:
        return bisect_left(points, at)

    async with database.connection() as connection:
        found = (await connection.execute(hazards)).all()
        lives = {row.id: Life(place(row.created_date), row.status) for row in found}
        for key, stage, level, begun, ended in (await connection.execute(ratings)).all():
            if key in lives:
                lives[key].ratings.append((stage, level, place(begun), place(ended) if ended else None))
        for row in (await connection.execute(turned(project_id).order_by(ENTRIES.c.seq))).all():
            if row.entity_id in lives and "status" in (row.after or {}):
                lives[row.entity_id].turns.append((place(row.at), row.before["status"], row.after["status"]))
    return list(lives.values())

"""How many hazards that are not closed had each risk level over time, told by assessments and by history."""

import datetime as dt
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, pairwise
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from models.audit import ENTRIES
from models.database import database
from models.enumerations import HazardStatus, Stage
from models.hazard_log import ASSESSMENTS, HAZARDS

STEPS = (1, 7, 28, 84, 364)
"""Days between two points; the smallest with which there are not too many."""
MOST_POINTS = 26
UNRATED = 0
STATUS_ACTIONS = ("hazard:close", "hazard:transfer", "hazard:reopen")
Moment = dt.datetime


@dataclass
class Life:
    """What became of one hazard: how it was rated, and when it was closed and reopened."""

    began: Moment
    status: HazardStatus
    ratings: list[tuple[Stage, int, Moment, Moment | None]] = field(default_factory=list)
    turns: list[tuple[Moment, str, str]] = field(default_factory=list)
    """When its status changed, from what, to what; the oldest first."""

    def spans(self) -> Iterator[tuple[Moment, Moment | None, int]]:
        """From when to when it was not closed, at which level."""
        moments = {self.began, *(at for at, _, _ in self.turns), *(begun for _, _, begun, _ in self.ratings)}
        moments |= {ended for *_, ended in self.ratings if ended}
        times = sorted(moment for moment in moments if moment >= self.began)
        for start, end in pairwise([*times, None]):
            if start and self.status_at(start) != HazardStatus.CLOSED:
                yield start, end, self.level_at(start)

    def status_at(self, moment: Moment) -> str:
        passed = [after for at, _, after in self.turns if at <= moment]
        return passed[-1] if passed else self.turns[0][1] if self.turns else self.status

    def level_at(self, moment: Moment) -> int:
        """The residual level where there was one, else the initial one, else UNRATED."""
        then = {
            stage: level
            for stage, level, begun, ended in self.ratings
            if begun <= moment and (ended is None or moment < ended)
        }
        return then.get(Stage.RESIDUAL, then.get(Stage.INITIAL, UNRATED))


async def of_project(project_id: UUID, now: Moment) -> tuple[list[dt.date], dict[int, list[int]]]:
    """The days of the points, and for each level (UNRATED too) the count at each: three statements."""
    lives = await lives_of(project_id)
    points = points_until(now, min((life.began for life in lives), default=now))
    changes: dict[int, Counter[int]] = defaultdict(Counter)
    for life in lives:
        for start, end, level in life.spans():
            changes[level][bisect_left(points, start)] += 1
            if end is not None:
                changes[level][bisect_left(points, end)] -= 1
    counts = {level: list(accumulate(changes[level][n] for n in range(len(points)))) for level in range(6)}
    return [point.date() for point in points], counts


def points_until(now: Moment, first: Moment) -> list[Moment]:
    """Moments up to now at an even distance, of which the first is no more than a step before anything began."""
    days = (now - first).days + 1
    step = next((step for step in STEPS if days <= step * (MOST_POINTS - 1)), STEPS[-1])
    back = min(-(-days // step), MOST_POINTS - 1)
    return [now - dt.timedelta(days=step * number) for number in range(back, -1, -1)]


async def lives_of(project_id: UUID) -> Sequence[Life]:
    hazards = sa.select(HAZARDS.c.id, HAZARDS.c.created_date, HAZARDS.c.status).where(
        HAZARDS.c.project_id == project_id
    )
    rated = [ASSESSMENTS.c[name] for name in ("hazard_id", "stage", "level", "created_date", "superseded_date")]
    ratings = sa.select(*rated).join_from(ASSESSMENTS, HAZARDS, HAZARDS.c.id == ASSESSMENTS.c.hazard_id)
    turns = sa.select(ENTRIES.c.entity_id, ENTRIES.c.at, ENTRIES.c.before, ENTRIES.c.after)
    turns = turns.where(ENTRIES.c.stream == project_id, ENTRIES.c.action.in_(STATUS_ACTIONS)).order_by(ENTRIES.c.seq)
    async with database.connection() as connection:
        lives = {row.id: Life(row.created_date, row.status) for row in await connection.execute(hazards)}
        rows: Any = await connection.execute(ratings.where(HAZARDS.c.project_id == project_id))
        for key, *rating in rows:
            lives[key].ratings.append(tuple(rating))
        for row in await connection.execute(turns):
            if row.entity_id in lives and "status" in (row.after or {}):
                lives[row.entity_id].turns.append((row.at, row.before["status"], row.after["status"]))
    return list(lives.values())

"""What the page of a project shows beside its counts."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, computed_field

from checks.rule import Gravity
from endpoints._links import Url
from endpoints._words import LEVELS
from models.enumerations import HazardStatus, Likelihood, Severity, Stage
from models.hazards import hazard_log
from models.projects import check_report, dashboard, level_trend
from models.projects.projects import VisibleProject
from models.risk.risk_matrix import MATRICES
from models.storage.columns import utc_now
from models.users.people import Viewer

FEW = 100
"""So many hazards are checked while somebody waits; a longer log has its checks on a page of their own."""


class Cell(BaseModel):
    """Hazards with this severity and likelihood."""

    severity: Severity
    likelihood: Likelihood
    level: int
    count: int


class OwnerCount(BaseModel):
    """Open hazards; `owner` is empty for nobody, `owner_id` null where no member owns them."""

    owner: str
    owner_id: UUID | None
    count: int


class Listed(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    reference: str
    name: str
    status: HazardStatus
    url: Url
    due: dt.date | None = None


class LateControl(BaseModel):
    id: UUID
    description: str
    due: dt.date


class Waiting(BaseModel):
    """How many there are, and the first few."""

    count: int
    data: list[Listed]


class WaitingControls(BaseModel):
    count: int
    data: list[LateControl]


class LevelOverTime(BaseModel):
    """Hazards that were not closed and had this level, at each of the days; level 0 is not assessed."""

    level: int
    values: list[int]

    @computed_field  # type: ignore[prop-decorator]  # as Pydantic documents it
    @property
    def name(self) -> str:
        return f"Level {self.level} {LEVELS[self.level]}" if self.level else "Not assessed"

    @property
    def kind(self) -> str:
        return str(self.level or "none")


class Trend(BaseModel):
    days: list[dt.date]
    levels: list[LevelOverTime]


class RecentChange(BaseModel):
    at: dt.datetime
    action: str
    who: str | None
    hazard: Listed


class Dashboard(BaseModel):
    """`checks` counts findings by severity; it is null for a log of more than 100 hazards (ask `checks/`)."""

    initial_matrix: list[list[Cell]]
    residual_matrix: list[list[Cell]]
    by_owner: list[OwnerCount]
    stale_acceptances: Waiting
    overdue_reviews: Waiting
    overdue_controls: WaitingControls
    checks: dict[Gravity, int] | None
    trend: Trend
    changes: list[RecentChange]


Rating = tuple[Severity, Likelihood]


def cells(matrix_version: str, counted: Mapping[Rating, int]) -> list[list[Cell]]:
    """A matrix of counts, the most likely row first, as the official one is printed."""
    level = MATRICES[matrix_version].level
    return [
        [Cell(severity=s, likelihood=lh, level=level(s, lh), count=counted.get((s, lh), 0)) for s in Severity]
        for lh in reversed(Likelihood)
    ]


async def dashboard_of(project: VisibleProject, hazards: int, viewer: Viewer) -> Dashboard:
    """A fixed number of statements, however many hazards there are."""
    now = utc_now()
    counted: dict[Stage, Counter[Rating]] = {stage: Counter() for stage in Stage}
    for group in await dashboard.ratings(project.id):
        counted[group["stage"]][group["severity"], group["likelihood"]] = group["count"]
    days, levels = await level_trend.of_project(project.id, now)
    return Dashboard(
        initial_matrix=cells(project.matrix_version, counted[Stage.INITIAL]),
        residual_matrix=cells(project.matrix_version, counted[Stage.RESIDUAL]),
        by_owner=[OwnerCount.model_validate(row) for row in await dashboard.owners(project.id, viewer)],
        stale_acceptances=waiting(project.id, await dashboard.stale(project.id)),
        overdue_reviews=waiting(project.id, await dashboard.late_reviews(project.id)),
        overdue_controls=waiting_controls(await dashboard.late_controls(project.id)),
        checks=(await check_report.of_project(project.id)).by_severity() if hazards <= FEW else None,
        trend=Trend(days=days, levels=[LevelOverTime(level=level, values=levels[level]) for level in sorted(levels)]),
        changes=[
            RecentChange(at=row["at"], action=row["action"], who=row["who"], hazard=listed(project.id, row))
            for row in await dashboard.changes(project.id, viewer)
        ],
    )


def waiting(project_id: UUID, rows: Iterable[Mapping[str, Any]]) -> Waiting:
    found = list(rows)
    return Waiting(count=found[0]["count"] if found else 0, data=[listed(project_id, row) for row in found])


def waiting_controls(rows: Iterable[Mapping[str, Any]]) -> WaitingControls:
    found = list(rows)
    data = [LateControl.model_validate(row) for row in found]
    return WaitingControls(count=found[0]["count"] if found else 0, data=data)


def listed(project_id: UUID, row: Mapping[str, Any]) -> Listed:
    named = {"reference": hazard_log.reference(row["number"]), "url": hazard_log.url(project_id, row["id"])}
    return Listed.model_validate({**row, **named})

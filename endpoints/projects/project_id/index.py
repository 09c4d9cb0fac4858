"""One project at a glance: where its risk lies on the 5 x 5 matrix, and how far its hazards are."""

from collections import Counter

from fastapi import APIRouter
from pydantic import BaseModel

from authentication.access import may, requires
from endpoints._depends import CurrentProject
from endpoints.projects._project import Project
from models import hazard_log
from models.enumerations import HazardStatus, Likelihood, Severity
from models.risk_matrix import MATRICES

router = APIRouter()


class Cell(BaseModel):
    """Hazards whose current risk (residual, else initial) has this severity and likelihood."""

    severity: Severity
    likelihood: Likelihood
    level: int
    count: int


class ProjectOverview(Project):
    hazards: int
    by_status: dict[HazardStatus, int]
    by_level: dict[int, int]
    unassessed: int
    matrix: list[list[Cell]]


@router.get("/")
@requires(may("project:read"))
async def overview(project: CurrentProject) -> ProjectOverview:
    """A project with its counts; the matrix has the most likely row first, as the official one is printed."""
    status: Counter[HazardStatus] = Counter()
    cells: Counter[tuple[Severity, Likelihood]] = Counter()
    levels: Counter[int | None] = Counter()
    for group in await hazard_log.counts(project.id):
        status[group.status] += group.count
        levels[group.level] += group.count
        if group.severity is not None:
            cells[Severity(group.severity), Likelihood(group.likelihood)] += group.count
    level = MATRICES[project.matrix_version].level
    return ProjectOverview(
        **Project.model_validate(project).model_dump(exclude={"url"}),
        hazards=status.total(),
        by_status={name: status[name] for name in HazardStatus},
        by_level={number: levels[number] for number in range(1, 6)},
        unassessed=levels[None],
        matrix=[
            [Cell(severity=s, likelihood=lh, level=level(s, lh), count=cells[s, lh]) for s in Severity]
            for lh in reversed(Likelihood)
        ],
    )

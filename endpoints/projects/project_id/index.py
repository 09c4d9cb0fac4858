"""One project at a glance: where its risk lies, how far its hazards are, what waits and what happened last."""

from collections import Counter

from fastapi import APIRouter

from authentication.access import may, requires
from endpoints._depends import CurrentProject, CurrentViewer
from endpoints.projects._project import Project
from endpoints.projects.project_id._dashboard import Cell, Dashboard, cells, dashboard_of
from models.enumerations import HazardStatus, Likelihood, Severity
from models.hazards import hazard_log

router = APIRouter()


class ProjectOverview(Dashboard, Project):
    """`matrix` and `by_level` count by the current risk: the residual one where there is one, else the initial one."""

    hazards: int
    by_status: dict[HazardStatus, int]
    by_level: dict[int, int]
    unassessed: int
    matrix: list[list[Cell]]


@router.get("/")
@requires(may("project:read"))
async def overview(project: CurrentProject, viewer: CurrentViewer) -> ProjectOverview:
    """A project with its counts; a matrix has the most likely row first, as the official one is printed."""
    status: Counter[HazardStatus] = Counter()
    rated: Counter[tuple[Severity, Likelihood]] = Counter()
    levels: Counter[int | None] = Counter()
    for group in await hazard_log.counts(project.id):
        status[group.status] += group.count
        levels[group.level] += group.count
        if group.severity is not None:
            rated[Severity(group.severity), Likelihood(group.likelihood)] += group.count
    return ProjectOverview(
        **Project.model_validate(project).model_dump(exclude={"url"}),
        **dict(await dashboard_of(project, status.total(), viewer)),
        hazards=status.total(),
        by_status={name: status[name] for name in HazardStatus},
        by_level={number: levels[number] for number in range(1, 6)},
        unassessed=levels[None],
        matrix=cells(project.matrix_version, rated),
    )

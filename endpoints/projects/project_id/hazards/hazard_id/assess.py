"""Judges the risk of a hazard; the level follows from the matrix and is never typed (DCB0129 4.4.1, 6.1.4)."""

from typing import Annotated, Any

from fastapi import APIRouter, Query

from authentication.access import may, requires
from endpoints import _fields
from endpoints._depends import CurrentActor, CurrentProject, CurrentViewer
from endpoints._drafts import keeps_draft
from endpoints._links import Url
from endpoints.projects._project import Project
from endpoints.projects.project_id.hazards._found import CurrentHazard
from endpoints.projects.project_id.hazards._hazard import Assessment, Hazard, Justification
from endpoints.projects.project_id.hazards._severity import Category, Expected, category_of
from models.enumerations import HarmKind, Likelihood, Severity, Stage
from models.hazards import hazard_edits, hazard_log
from models.hazards.hazard_additions import NewRating
from models.risk.risk_matrix import INJURIES, MATRICES

router = APIRouter()


class NewAssessment(Justification, _fields.Request):
    stage: Stage
    severity: Severity
    likelihood: Likelihood


class AssessedHazard(Assessment):
    stage: Stage
    url: Url


class HazardToAssess(Hazard):
    """`levels` is the project's matrix: likelihood, then severity, then level.

    `category` is null while not all is told, and where the matrix names none for what was told.
    """

    project: Project
    stages: list[Stage] = list(Stage)
    severities: list[Severity] = list(Severity)
    likelihoods: list[Likelihood] = list(Likelihood)
    levels: dict[Likelihood, dict[Severity, int]]
    expected: Expected
    injuries: list[HarmKind] = sorted(INJURIES)
    category: Category | None


@router.get("/")
@requires(may("hazard:assess"))
@keeps_draft
async def form(
    project: CurrentProject, hazard: CurrentHazard, expected: Annotated[Expected, Query()]
) -> HazardToAssess:
    """The hazard with what is needed to judge it; the severity category when it is told what is expected to happen."""
    level = MATRICES[project.matrix_version].level
    levels = {likelihood: {severity: level(severity, likelihood) for severity in Severity} for likelihood in Likelihood}
    return HazardToAssess(
        **dict(hazard),
        project=Project.model_validate(project),
        levels=levels,
        expected=expected,
        category=category_of(project.matrix_version, expected),
    )


@router.post("/", status_code=201)
@requires(may("hazard:assess"))
async def assess(
    project: CurrentProject,
    viewer: CurrentViewer,
    hazard: CurrentHazard,
    actor: CurrentActor,
    assessment: NewAssessment,
) -> AssessedHazard:
    """A new assessment supersedes the one before it, which is kept."""
    given: dict[str, Any] = assessment.model_dump(exclude={"stage"})
    key = await hazard_edits.assess(actor, project.id, hazard.id, assessment.stage, NewRating(**given))
    return AssessedHazard.model_validate({**await hazard_log.assessment(key, viewer), "url": hazard.url})

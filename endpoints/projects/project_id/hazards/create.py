"""Records a new hazard, with its causes, the controls in place and, if they are known, its initial ratings."""

from typing import Self

from fastapi import APIRouter
from pydantic import BaseModel, model_validator

from authentication.access import may, requires
from endpoints import _fields
from endpoints._depends import CurrentActor, CurrentProject
from endpoints._fields import Line, RequiredLine, Text
from endpoints.projects._project import Project
from endpoints.projects.project_id.hazards import _found
from endpoints.projects.project_id.hazards._hazard import Hazard, Items, Justification
from models import hazard_additions
from models.enumerations import Condition, ControlStage, Likelihood, Severity, Stage
from models.hazard_additions import NewControl, NewRating

router = APIRouter()


class NewHazard(Justification, _fields.Request):
    name: RequiredLine
    description: Text = ""
    effect: Text = ""
    harm: Text = ""
    causes: Items = []
    existing_controls: Items = []
    types: Items = []
    condition: Condition | None = None
    owner: Line = ""
    severity: Severity | None = None
    likelihood: Likelihood | None = None

    @model_validator(mode="after")
    def whole_rating(self) -> Self:
        if (self.severity is None) != (self.likelihood is None):
            message = "Select both a severity and a likelihood, or neither: the level comes from both"
            raise ValueError(message)
        return self


class Choices(BaseModel):
    project: Project
    severities: list[Severity] = list(Severity)
    likelihoods: list[Likelihood] = list(Likelihood)
    conditions: list[Condition] = list(Condition)


@router.get("/")
@requires(may("hazard:write"))
async def choices(project: CurrentProject) -> Choices:
    """What a new hazard may be."""
    return Choices(project=Project.model_validate(project))


@router.post("/", status_code=201)
@requires(may("hazard:write"))
async def create(project: CurrentProject, actor: CurrentActor, hazard: NewHazard) -> Hazard:
    """Add a hazard to the log."""
    keys = await hazard_additions.create(actor, project.id, [new(hazard)])
    return await _found.find(project, keys[0])


def new(hazard: NewHazard) -> hazard_additions.NewHazard:
    texts = hazard.model_dump(include={"name", "description", "effect", "harm", "condition", "owner"})
    controls = [NewControl(text, ControlStage.EXISTING) for text in hazard.existing_controls]
    ratings = {}
    if hazard.severity and hazard.likelihood:
        ratings[Stage.INITIAL] = NewRating(
            hazard.severity, hazard.likelihood, hazard.severity_justification, hazard.likelihood_justification
        )
    return hazard_additions.NewHazard(
        **texts, causes=hazard.causes, types=hazard.types, controls=controls, ratings=ratings
    )

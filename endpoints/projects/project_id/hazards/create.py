"""Records a new hazard, with its causes, the controls in place and, if they are known, its initial ratings."""

from dataclasses import replace
from urllib.parse import parse_qsl
from uuid import UUID

from fastapi import APIRouter, Request

from authentication.access import may, requires
from endpoints import _fields
from endpoints._depends import CurrentActor, CurrentProject, CurrentViewer
from endpoints._drafts import keeps_draft
from endpoints._fields import Day, RequiredLine, Text
from endpoints._forms import Form, shaped
from endpoints.projects._project import Project
from endpoints.projects.project_id.hazards import _choices, _found
from endpoints.projects.project_id.hazards._choices import HazardChoices
from endpoints.projects.project_id.hazards._hazard import Hazard, Items, Justification, Words
from endpoints.projects.project_id.hazards._similar import Similar, similar_to
from errors import FieldProblem, Invalid
from models.enumerations import Condition, ControlStage, IdentificationSource, Likelihood, Severity, Stage
from models.hazards import hazard_additions
from models.hazards.hazard_additions import NewControl, NewRating

router = APIRouter()
WRITTEN = set(hazard_additions.NewHazard.__dataclass_fields__) - {"controls", "ratings"}


class NewHazard(Justification, _fields.Request):
    name: RequiredLine
    description: Text = ""
    effect: Text = ""
    harm: Text = ""
    causes: Items = []
    harms: Items = []
    existing_controls: Items = []
    types: Words = []
    condition: Condition | None = None
    source: IdentificationSource | None = None
    owner: Text = ""
    owner_id: UUID | None = None
    review_date: Day | None = None
    severity: Severity | None = None
    likelihood: Likelihood | None = None


class Choices(HazardChoices):
    project: Project
    severities: list[Severity] = list(Severity)
    likelihoods: list[Likelihood] = list(Likelihood)
    checked: str
    similar: list[Similar]


@router.get("/")
@requires(may("hazard:write"))
@keeps_draft
async def choices(request: Request, project: CurrentProject, viewer: CurrentViewer) -> Choices:
    """What a new hazard may be, and for a `name` in the query the hazards that are similar.

    Without JavaScript the form asks so before it is sent; what was typed comes back in its boxes.
    """
    if "form" not in request.scope:
        query = parse_qsl(request.scope["query_string"].decode("latin-1"))
        if "name" in dict(query):
            request.scope["form"] = Form(shaped(query, NewHazard.model_fields))
    form: Form | None = request.scope.get("form")
    name = str(form.values.get("name", "")) if form else ""
    found, offered = await similar_to(project.id, name), await _choices.of(project, viewer)
    return Choices(**dict(offered), project=Project.model_validate(project), checked=name, similar=found)


@router.post("/", status_code=201)
@requires(may("hazard:write"))
async def create(project: CurrentProject, viewer: CurrentViewer, actor: CurrentActor, hazard: NewHazard) -> Hazard:
    """Add a hazard to the log; a rating needs both a severity and a likelihood, and a type is one of the project."""
    refuse_half_rating(hazard)
    fields = await _choices.checked(project.id, hazard)
    keys = await hazard_additions.create(actor, project.id, [replace(new(hazard), **fields)])
    return await _found.find(project, viewer, keys[0])


def refuse_half_rating(hazard: NewHazard) -> None:
    """The level comes from both; words about a rating that is not there would be lost."""
    rating = {"severity": hazard.severity, "likelihood": hazard.likelihood}
    given = [*rating.values(), hazard.severity_justification, hazard.likelihood_justification]
    if any(given) and not all(rating.values()):
        missing = [FieldProblem(name, f"Select the {name}") for name, value in rating.items() if value is None]
        raise Invalid(problems=missing)


def new(hazard: NewHazard) -> hazard_additions.NewHazard:
    texts = hazard.model_dump(include=WRITTEN)
    controls = [NewControl(text, ControlStage.EXISTING) for text in hazard.existing_controls]
    ratings = {}
    if hazard.severity and hazard.likelihood:
        ratings[Stage.INITIAL] = NewRating(
            hazard.severity, hazard.likelihood, hazard.severity_justification, hazard.likelihood_justification
        )
    return hazard_additions.NewHazard(**texts, controls=controls, ratings=ratings)

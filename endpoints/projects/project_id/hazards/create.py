"""Records a new hazard, with its causes, the controls in place and, if they are known, its initial ratings."""

from dataclasses import replace
from typing import Annotated
from urllib.parse import parse_qsl
from uuid import UUID

from fastapi import APIRouter, Query, Request

from authentication.access import may, requires
from endpoints import _fields
from endpoints._depends import CurrentActor, CurrentProject, CurrentViewer
from endpoints._drafts import keeps_draft
from endpoints._fields import Day, RequiredLine, Text
from endpoints._forms import ASKED, Form, shaped
from endpoints.projects._project import Project
from endpoints.projects.project_id.hazards import _choices, _found
from endpoints.projects.project_id.hazards._choices import HazardChoices
from endpoints.projects.project_id.hazards._hazard import Hazard, Items, Justification, Words
from endpoints.projects.project_id.hazards._severity import AskedInForm, Category, Expected, category_of
from endpoints.projects.project_id.hazards._similar import Similar, similar_to
from errors import FieldProblem, Invalid
from models.enumerations import Condition, ControlStage, HarmKind, IdentificationSource, Likelihood, Severity, Stage
from models.hazards import hazard_additions
from models.hazards.hazard_additions import NewControl, NewRating
from models.risk.risk_matrix import INJURIES

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
    expected: Expected
    injuries: list[HarmKind] = sorted(INJURIES)
    category: Category | None


@router.get("/")
@requires(may("hazard:write"))
@keeps_draft
async def choices(
    request: Request, project: CurrentProject, viewer: CurrentViewer, told: Annotated[AskedInForm, Query()]
) -> Choices:
    """What a new hazard may be, for a `name` in the query the hazards that are similar, and the severity of a harm.

    Without JavaScript the form asks so before it is sent; what was typed comes back in its boxes.
    """
    category = category_of(project.matrix_version, told) if told.find else None
    if "form" not in request.scope:
        refill(request, category)
    form: Form | None = request.scope.get("form")
    name = str(form.values.get("name", "")) if form else ""
    found, offered = await similar_to(project.id, name), await _choices.of(project, viewer)
    return Choices(
        **dict(offered),
        project=Project.model_validate(project),
        checked=name,
        similar=found,
        expected=told,
        category=category,
    )


def refill(request: Request, category: Category | None) -> None:
    """A form that only asked something comes back as it was typed, with the severity that it asked for."""
    query = parse_qsl(request.scope["query_string"].decode("latin-1"))
    typed = shaped(query, NewHazard.model_fields)
    if category:
        typed["severity"] = category.severity.value
        typed["severity_justification"] = typed.get("severity_justification") or f"{category.definition}."
    if typed.keys() & NewHazard.model_fields.keys() or any(name.endswith(ASKED) for name, _ in query):
        request.scope["form"] = Form(typed)


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

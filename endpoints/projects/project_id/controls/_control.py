"""How a control is shown, what a person may write in one, and the control of the path, or 404."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from annotated_types import MaxLen
from fastapi import Depends
from pydantic import BaseModel, Field

from endpoints import _fields
from endpoints._depends import CurrentProject, CurrentViewer
from endpoints._fields import Day, Line, RequiredText, Text
from endpoints._links import Url
from endpoints.projects._project import Project
from endpoints.projects.project_id.hazards._hazard import Word
from errors import FieldProblem, Invalid, NotFound
from models.controls import control_log
from models.controls.control_answers import Answer
from models.controls.controls import PREFERENCES
from models.enumerations import ControlKind, ControlStage, ControlState, HazardStatus, Party
from models.projects import members
from models.projects.projects import VisibleProject
from models.users.people import Viewer


class Control(BaseModel):
    """`preference` is the place in the official order, 1 the best; `brings_hazards` is null while nobody answered."""

    id: UUID
    description: str
    evidence: str
    kind: ControlKind | None
    preference: int | None
    stage: ControlStage
    state: ControlState
    state_justification: str | None
    responsible: Party | None
    organisation: str
    owner_id: UUID | None
    owned_by: str | None
    due_date: date | None
    brings_hazards: bool | None
    brings_hazards_reason: str
    missing_evidence: bool
    hazard_count: int
    version: int
    created_date: datetime
    updated_date: datetime
    url: Url


class LinkedHazard(BaseModel):
    id: UUID
    reference: str
    name: str
    status: HazardStatus
    url: Url


class ControlInProject(Control):
    project: Project


def in_project(project: VisibleProject, control: Control) -> ControlInProject:
    return ControlInProject(**dict(control), project=Project.model_validate(project))


async def find(project: CurrentProject, viewer: CurrentViewer, control_id: UUID) -> Control:
    """NotFound also for a control of another project, whoever may see that one."""
    found = await control_log.control(project.id, control_id, viewer)
    if found is None:
        raise NotFound
    return Control.model_validate(found)


CurrentControl = Annotated[Control, Depends(find)]


class ControlFields(_fields.Request):
    """What a person writes in a control. `preference` follows from the kind unless it is given."""

    evidence: Text = ""
    kind: ControlKind | None = None
    preference: int | None = Field(None, ge=1, le=5)
    responsible: Party | None = None
    organisation: Line = ""
    owner_id: UUID | None = None
    due_date: Day | None = None


class AnswerToAll(_fields.Request):
    """Whether the control brings new hazards or changes other risks (DCB0129 6.1.2).

    `raised_hazards` are references, such as HAZ-002, or keys.
    """

    brings_hazards: bool
    brings_hazards_reason: RequiredText
    raised_hazards: Annotated[list[Word], MaxLen(100)] = []


class NewControl(ControlFields, AnswerToAll):
    description: RequiredText
    stage: ControlStage = ControlStage.ADDITIONAL


def answer_of(given: AnswerToAll) -> Answer:
    """Invalid where hazards are named that the control is said not to bring."""
    if given.raised_hazards and not given.brings_hazards:
        message = "Leave this empty, or say that the control brings new hazards"
        raise Invalid(problems=[FieldProblem("raised_hazards", message)])
    return Answer(given.brings_hazards, given.brings_hazards_reason, given.raised_hazards)


def fields_of(given: NewControl) -> dict[str, Any]:
    written = {"description", "stage", *ControlFields.model_fields}
    return given.model_dump(include=written)


class Member(BaseModel):
    user_id: UUID
    first_name: str
    last_name: str


class ControlChoices(BaseModel):
    """What a control may be."""

    kinds: list[ControlKind] = list(ControlKind)
    stages: list[ControlStage] = list(ControlStage)
    parties: list[Party] = list(Party)
    preferences: dict[int, str] = PREFERENCES
    members: list[Member]


async def choices(project: VisibleProject, viewer: Viewer) -> ControlChoices:
    found = await members.listed(project.id, viewer)
    return ControlChoices(members=[Member.model_validate(one, from_attributes=False) for one in found])

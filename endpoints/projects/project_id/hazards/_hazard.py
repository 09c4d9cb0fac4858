"""How a hazard is shown, and what a person may write in one."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from annotated_types import MaxLen
from pydantic import BaseModel, Field, StringConstraints

from endpoints import _fields
from endpoints._fields import SOME_LINE, RequiredText, Text
from endpoints._links import Url
from endpoints.projects._project import Project
from models.enumerations import (
    CauseStatus,
    Condition,
    ControlKind,
    ControlStage,
    ControlState,
    HazardStatus,
    IdentificationSource,
    Likelihood,
    Party,
    Severity,
)
from models.projects.projects import VisibleProject

Items = Annotated[list[RequiredText], MaxLen(500)]
"""Causes, controls: a list of texts, each kept whole."""
Word = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=SOME_LINE)]
Words = Annotated[list[Word], MaxLen(50)]
"""Types: a list of words to sort by."""


class Control(BaseModel):
    """`preference` is the place in the official order, 1 the best; `brings_hazards` is null while nobody answered.

    `evidence_count` is how often files and links are attached to it; null where history is told.
    """

    id: UUID
    description: str
    evidence: str
    kind: ControlKind | None
    preference: int | None
    stage: ControlStage
    state: ControlState
    responsible: Party | None
    organisation: str
    due_date: date | None
    brings_hazards: bool | None
    evidence_count: int | None = None


class CauseRecord(BaseModel):
    id: UUID
    description: str
    status: CauseStatus
    status_justification: str | None = None


class HarmRecord(BaseModel):
    id: UUID
    description: str


class Assessment(BaseModel):
    """`level` is derived by the matrix; `recorded_level` is what an imported log said, kept beside it."""

    id: UUID
    severity: Severity
    likelihood: Likelihood
    level: int
    recorded_level: int | None
    matrix_version: str
    justification: str
    severity_justification: str
    likelihood_justification: str
    assessed_by: str | None
    assessed_date: datetime


class WaitedFor(BaseModel):
    id: UUID
    description: str
    state: ControlState


class EvidencedRisk(BaseModel):
    """The residual rating as far as verified controls bear it out.

    When it `falls_back` it is the initial one, null without an initial assessment; `waiting_for` are the additional
    controls that are not verified yet.
    """

    level: int | None
    severity: Severity | None
    likelihood: Likelihood | None
    falls_back: bool
    waiting_for: list[WaitedFor]


class CopiedFrom(BaseModel):
    """The hazard whose words these were, as it was on that day; who may not see its project finds nothing at `url`."""

    project: str
    reference: str
    version: str
    date: date
    url: Url


class Hazard(BaseModel):
    """`owner` is a name as it was written, `owned_by` the name of the member who owns it."""

    id: UUID
    number: int
    reference: str
    name: str
    description: str
    effect: str
    harm: str
    causes: list[str]
    controls: list[Control]
    types: list[str]
    condition: Condition | None
    status: HazardStatus
    status_justification: str | None
    source: IdentificationSource | None
    owner: str
    owner_id: UUID | None
    owned_by: str | None
    review_date: date | None
    recorded_number: str | None
    recorded: dict[str, str] | None
    identified_date: date | None
    copied_from: CopiedFrom | None
    initial: Assessment | None
    residual: Assessment | None
    residual_evidenced: EvidencedRisk | None
    evidence_count: int | None = None
    version: int
    created_date: datetime
    updated_date: datetime
    unread_comments: int | None = Field(None, description="New to who asks; for members alone")
    url: Url


class Justification(BaseModel):
    """What may be written about a rating."""

    severity_justification: Text = ""
    likelihood_justification: Text = ""


class Justified(_fields.Request):
    """A change of status says why."""

    justification: RequiredText


class HazardInProject(Hazard):
    project: Project


def in_project(project: VisibleProject, hazard: Hazard) -> HazardInProject:
    return HazardInProject(**dict(hazard), project=Project.model_validate(project))

"""How a hazard is shown, and what a person may write in one."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from annotated_types import MaxLen
from pydantic import BaseModel, StringConstraints

from endpoints import _fields
from endpoints._fields import SOME_LINE, RequiredText, Text
from endpoints._links import Url
from endpoints.projects._project import Project
from models.enumerations import (
    Condition,
    ControlKind,
    ControlStage,
    ControlState,
    HazardStatus,
    Likelihood,
    Severity,
)
from models.projects import VisibleProject

Items = Annotated[list[RequiredText], MaxLen(500)]
"""Causes, controls: a list of texts, each kept whole."""
Word = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=SOME_LINE)]
Words = Annotated[list[Word], MaxLen(50)]
"""Types: a list of words to sort by."""


class Control(BaseModel):
    id: UUID
    description: str
    evidence: str
    kind: ControlKind | None
    stage: ControlStage
    state: ControlState


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


class Hazard(BaseModel):
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
    owner: str
    recorded_number: str | None
    recorded: dict[str, str] | None
    identified_date: date | None
    initial: Assessment | None
    residual: Assessment | None
    version: int
    created_date: datetime
    updated_date: datetime
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

"""How evidence is shown, what a request names it to be about, and the piece of the path, or 404."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from annotated_types import MaxLen
from fastapi import Depends
from pydantic import AfterValidator, BaseModel, HttpUrl, StringConstraints

from endpoints._depends import CurrentProject, CurrentViewer
from endpoints._fields import ONE_LINE
from endpoints._links import Url
from models.enumerations import EvidenceKind, EvidencePurpose, Stage
from models.evidence import evidence_list
from models.hazards.hazard_log import REFERENCE

Keys = Annotated[list[UUID], MaxLen(50)]
Reference = Annotated[str, StringConstraints(strip_whitespace=True, max_length=20, pattern=ONE_LINE)]
"""A hazard as people name it: HAZ-007, or 7."""


def without_password(url: HttpUrl) -> HttpUrl:
    """A name before the host makes a link look as if it led elsewhere, and a password in one is told to all."""
    if url.username or url.password:
        raise ValueError("Enter a link without a user name or password in it")
    return url


WebLink = Annotated[HttpUrl, AfterValidator(without_password)]


class About(BaseModel):
    """What evidence is attached to; `id` is that of the link. An assessment is named by its hazard and its stage."""

    id: UUID
    purpose: EvidencePurpose
    kind: Literal["hazard", "control", "assessment"]
    hazard_id: UUID | None = None
    control_id: UUID | None = None
    reference: str | None
    name: str
    stage: Stage | None
    level: int | None
    url: Url | None = None


class Evidence(BaseModel):
    """`link` and its `host` are of a link; file name, type, size in bytes, hash and `file` (where it is) of a file."""

    id: UUID
    kind: EvidenceKind
    title: str
    description: str
    link: str | None
    host: str | None
    file_name: str | None
    media_type: str | None
    size: int | None
    sha256: str | None
    file: Url | None
    attached: int
    created_by: str | None
    created_date: datetime
    url: Url


class AttachedEvidence(Evidence):
    about: About


class Choice(BaseModel):
    """Something that evidence may be about, and the field of a request that takes its `id`."""

    field: Literal["hazards", "assessments", "controls"]
    id: UUID
    name: str


class Choices(BaseModel):
    """What may be chosen for the hazard or control that was asked for; `hazard` is its reference as it was asked."""

    hazard: str
    control: UUID | None
    choices: list[Choice]
    chosen: list[UUID]
    purposes: list[EvidencePurpose] = list(EvidencePurpose)


async def choices_for(project_id: UUID, hazard: str, control: UUID | None) -> dict[str, Any]:
    referred = REFERENCE.fullmatch(hazard)
    found = await evidence_list.choices(project_id, int(referred["number"]) if referred else None, control)
    chosen = [control] if control else [one["id"] for one in found if one["field"] == "hazards"]
    return {"hazard": hazard, "control": control, "choices": found, "chosen": chosen}


async def find(project: CurrentProject, viewer: CurrentViewer, evidence_id: UUID) -> Evidence:
    return Evidence.model_validate(await evidence_list.find(project.id, evidence_id, viewer))


CurrentEvidence = Annotated[Evidence, Depends(find)]

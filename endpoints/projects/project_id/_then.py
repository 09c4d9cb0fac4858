"""How a hazard is shown as it was: as history tells it, in the words of the hazard JSON."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, JsonValue

from endpoints._links import Url
from models.audit import history
from models.enumerations import ControlKind, ControlStage, ControlState, HazardStatus, Likelihood, Severity
from models.users.people import Viewer


class RatingThen(BaseModel):
    severity: Severity
    likelihood: Likelihood
    level: int
    recorded_level: int | None = None
    severity_justification: str = ""
    likelihood_justification: str = ""
    justification: str = ""
    assessed_date: datetime


class ControlThen(BaseModel):
    """`id` is text: what an entry of an early release tells has no key."""

    id: str
    description: str
    stage: ControlStage
    state: ControlState | None = None
    kind: ControlKind | None
    evidence: str
    acts_on: list[str | None]


class AcceptanceThen(BaseModel):
    """`stale`: whether what was accepted had changed since."""

    level: int | None = None
    rationale: str = ""
    alternatives: str = ""
    judgement: str = ""
    accepted_date: datetime
    stale: bool


class HazardThen(BaseModel):
    id: UUID
    number: int
    reference: str
    name: str
    description: str
    effect: str
    harm: str
    causes: list[str]
    harms: list[dict[str, JsonValue]]
    controls: list[ControlThen]
    types: list[str]
    condition: str | None
    source: str | None
    status: HazardStatus
    status_justification: str | None
    owner: str
    owned_by: str | None
    initial: RatingThen | None
    residual: RatingThen | None
    acceptance: AcceptanceThen | None
    version: int
    created_date: datetime
    updated_date: datetime
    url: Url


async def told(viewer: Viewer, hazards: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Hazards of history with the members who owned them then, as `viewer` may see them now."""
    names = await history.called(viewer, [{"before": None, "after": hazard} for hazard in hazards])
    return [{**hazard, "owned_by": names.get(hazard["owner_id"])} for hazard in hazards]

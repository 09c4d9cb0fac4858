"""What is shown of the risk of a hazard: every judgement of it, what was accepted, and what became of that since."""

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends
from pydantic import BaseModel

from endpoints._changes import LABELS, alarp, in_words
from endpoints._depends import CurrentProject, CurrentViewer
from endpoints._links import Url
from endpoints._words import label
from endpoints.projects.project_id.hazards._found import CurrentHazard
from endpoints.projects.project_id.hazards._hazard import Assessment
from models.enumerations import Capacity, HazardLinkKind, HazardStatus, Likelihood, Severity, Stage
from models.risk import hazard_risk
from models.risk.risk_matrix import MATRICES


class PastAssessment(Assessment):
    """`superseded_date` is null for the one that counts at its stage."""

    stage: Stage
    superseded_date: datetime | None


class AlarpRecord(BaseModel):
    id: UUID
    option: str
    impracticality: str
    judgement: str
    recorded_by: str
    created_date: datetime


class ChangedField(BaseModel):
    """Of a list only the entries that went out or came in."""

    field: str
    name: str
    before: list[str]
    after: list[str]


class Fact(BaseModel):
    """A part of what is accepted, in words; without `texts` nothing is recorded."""

    field: str
    name: str
    texts: list[str]


class Acceptance(BaseModel):
    """Bound by `content_hash` to what was accepted; `changed` says where the hazard is no longer that."""

    id: UUID
    assessment_id: UUID
    level: int
    rationale: str
    alternatives: str
    judgement: str
    capacity: Capacity
    accepted_by: str
    content_hash: str
    created_date: datetime
    stale_date: datetime | None
    withdrawn_date: datetime | None
    changed: list[ChangedField] = []


class HazardLink(BaseModel):
    """A link that `points_here` belongs to the other hazard."""

    id: UUID
    kind: HazardLinkKind
    other_id: UUID
    reference: str
    name: str
    status: HazardStatus
    url: Url
    points_here: bool


class Risk(BaseModel):
    """`acceptance` is the one in force; `capacity` is the one in which who asks may accept, if in any."""

    assessments: list[PastAssessment]
    alarp: list[AlarpRecord]
    acceptance: Acceptance | None
    earlier_acceptances: list[Acceptance]
    links: list[HazardLink]
    capacity: Capacity | None
    levels: dict[Likelihood, dict[Severity, int]]


async def find(project: CurrentProject, hazard: CurrentHazard, viewer: CurrentViewer) -> Risk:
    told = await hazard_risk.of_hazard(project.id, hazard.id, viewer)
    accepted = told["acceptance"]
    if accepted is not None:
        told["acceptance"] = {**accepted, "changed": changed_fields(accepted["before"], accepted["after"])}
    return Risk.model_validate({**told, "levels": MATRICES[project.matrix_version].levels})


CurrentRisk = Annotated[Risk, Depends(find)]


def changed_fields(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[ChangedField]:
    """The fields of what was accepted that are different now, in words."""
    found = []
    for field, value in after.items():
        old, new = words(field, before[field]), words(field, value)
        # Counted, as a second control or ALARP record in the same words is a change as well.
        gone, come = Counter(old) - Counter(new), Counter(new) - Counter(old)
        shown = {"before": list(gone.elements()), "after": list(come.elements())}
        found.append(ChangedField(field=field, name=name_of(field), **shown))
    return found


def facts(content: Mapping[str, Any]) -> list[Fact]:
    """All that an acceptance is bound to but the name and the ratings."""
    shown = [field for field in content if field not in {"name", "initial", "residual"}]
    return [Fact(field=field, name=name_of(field), texts=words(field, content[field])) for field in shown]


def name_of(field: str) -> str:
    return LABELS.get(field) or label(field)


def words(field: str, value: Any) -> list[str]:
    if field in ENTRIES:
        return [ENTRIES[field](entry) for entry in value or ()]
    if field in ("types", "harms"):
        return [str(entry) for entry in value or ()]
    return in_words(field, value, {})


def cause(told: Mapping[str, Any]) -> str:
    return f"{told['description']} ({label(told['status']).lower()})"


def control(told: Mapping[str, Any]) -> str:
    """All that the risk rests on, so that no two states of a control read alike."""
    facts = {
        "State": label(told["state"]),
        "Kind": label(told["kind"]) if told["kind"] else "",
        "Place in the order of preference": told["preference"],
        "Responsible": " ".join(filter(None, [label(told["responsible"] or ""), told["organisation"]])),
        "Brings hazards": {True: "yes", False: "no", None: ""}[told["brings_hazards"]],
        "Why": told["brings_hazards_reason"],
        "Acts on": "; ".join(told["acts_on"]),
        "Evidence": told["evidence"],
        "Files and links": "; ".join(map(evidence, told["files_and_links"])),
    }
    lines = [f"{name}: {text}" for name, text in facts.items() if text]
    return "\n".join([f"{label(told['stage'])}: {told['description']}", *lines])


def evidence(told: Mapping[str, Any]) -> str:
    return f"{told['title']} ({label(told['purpose']).lower()}, {told['url'] or told['sha256']})"


ENTRIES: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "alarp": lambda told: alarp(told, {}),
    "causes": cause,
    "controls": control,
}

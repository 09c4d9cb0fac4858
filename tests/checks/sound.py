"""A hazard in which no rule finds anything; tests change what a rule is about."""

import datetime as dt
from dataclasses import replace
from typing import Any
from uuid import UUID

from checks.hazard import Cause, Control, Hazard, Rating
from models.enumerations import (
    Condition,
    ControlKind,
    ControlStage,
    ControlState,
    EvidencePurpose,
    HazardStatus,
    IdentificationSource,
    Likelihood,
    Party,
    Severity,
)

TODAY = dt.date(2027, 3, 31)
CAUSE, OTHER = UUID(int=1), UUID(int=2)


def rating(severity: str, likelihood: str, level: int, **changes: Any) -> Rating:
    reasons = {"severity_justification": "One patient at a time", "likelihood_justification": "Seen twice a year"}
    return Rating(Severity(severity), Likelihood(likelihood), level, **{**reasons, **changes})


EXISTING = Control(
    UUID(int=11),
    "The date of birth stands beside each name",
    ControlStage.EXISTING,
    ControlState.IMPLEMENTED,
    kind=ControlKind.DESIGN,
    causes=frozenset({CAUSE}),
)
ADDITIONAL = Control(
    UUID(int=12),
    "The list shows a picture of each patient",
    ControlStage.ADDITIONAL,
    ControlState.VERIFIED,
    kind=ControlKind.DESIGN,
    shows=frozenset({EvidencePurpose.IMPLEMENTATION, EvidencePurpose.EFFECTIVENESS}),
    responsible=Party.MANUFACTURER,
    brings_hazards=False,
    brings_hazards_reason="A picture hides no text",
    causes=frozenset({CAUSE}),
)
SOUND = Hazard(
    id=UUID(int=100),
    number=7,
    name="A result is shown for the wrong patient",
    status=HazardStatus.OPEN,
    today=TODAY,
    description="A clinician reads the results of another patient of the same name",
    effect="A treatment is chosen by the results of somebody else",
    harm="The patient is given a drug that harms them",
    causes=[Cause(CAUSE, "Two patients of one name are in one ward")],
    controls=[EXISTING, ADDITIONAL],
    owned=True,
    typed=True,
    condition=Condition.NORMAL,
    source=IdentificationSource.WORKSHOP,
    initial=rating("major", "medium", 3),
    residual=rating("major", "very_low", 2),
    alarp=True,
)


def with_additional(**changes: Any) -> Hazard:
    return replace(SOUND, controls=[EXISTING, replace(ADDITIONAL, **changes)])


def with_existing(**changes: Any) -> Hazard:
    return replace(SOUND, controls=[replace(EXISTING, **changes), ADDITIONAL])


def changed(**changes: Any) -> Hazard:
    return replace(SOUND, **changes)

"""A hazard as the rules look at it: what it says, how it was judged, what is done about it, who accepted it."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from models.enumerations import (
    CauseStatus,
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

LONGEST_QUOTE = 80
SEVERITIES, LIKELIHOODS = list(Severity), list(Likelihood)
PLANNED = frozenset({ControlState.PROPOSED, ControlState.AGREED})
"""The states in which a control is still to be put in place."""


@dataclass(frozen=True, slots=True)
class Rating:
    """One current assessment; `level` is 1 to 5, 5 the worst, and `recorded_level` what an imported log said."""

    severity: Severity
    likelihood: Likelihood
    level: int
    recorded_level: int | None = None
    justification: str = ""
    severity_justification: str = ""
    likelihood_justification: str = ""


@dataclass(frozen=True, slots=True)
class Cause:
    id: UUID
    description: str
    status: CauseStatus = CauseStatus.OPEN


@dataclass(frozen=True, slots=True)
class Control:
    """`causes` are those that it prevents; `mitigates` says that it acts on a harm. `raised` counts linked hazards."""

    id: UUID
    description: str
    stage: ControlStage
    state: ControlState
    kind: ControlKind | None = None
    evidence: str = ""
    shows: frozenset[EvidencePurpose] = frozenset()
    responsible: Party | None = None
    organisation: str = ""
    due_date: dt.date | None = None
    brings_hazards: bool | None = None
    brings_hazards_reason: str = ""
    raised: int = 0
    causes: frozenset[UUID] = frozenset()
    mitigates: bool = False

    @property
    def additional(self) -> bool:
        """Whether it counts in the residual risk only."""
        return self.stage is ControlStage.ADDITIONAL

    @property
    def planned(self) -> bool:
        return self.state in PLANNED


@dataclass(frozen=True, slots=True)
class Hazard:
    """`today` is the day of the check; `same_name` counts the other hazards of the log that have its name.

    `controls` are those that were not withdrawn. `accepted` says that an acceptance is in force, `stale` that
    what it covers is an earlier state.
    """

    id: UUID
    number: int
    name: str
    status: HazardStatus
    today: dt.date
    description: str = ""
    effect: str = ""
    harm: str = ""
    harms: Sequence[str] = ()
    causes: Sequence[Cause] = ()
    controls: Sequence[Control] = ()
    owned: bool = False
    owner_left: bool = False
    typed: bool = False
    condition: Condition | None = None
    source: IdentificationSource | None = None
    status_justification: str = ""
    review_date: dt.date | None = None
    recorded: Mapping[str, str] | None = None
    initial: Rating | None = None
    residual: Rating | None = None
    alarp: bool = False
    accepted: bool = False
    stale: bool = False
    same_name: int = 0
    duplicate: bool = False

    @property
    def additional(self) -> list[Control]:
        """The additional controls that count."""
        return [control for control in self.controls if control.additional]

    @property
    def actions_left(self) -> list[Control]:
        """The additional controls that are still to be put in place."""
        return [control for control in self.additional if control.planned]

    @property
    def level(self) -> int | None:
        """The level that counts now: the residual one where there is one, else the initial one."""
        current = self.residual or self.initial
        return current.level if current else None

    @property
    def evidenced(self) -> bool:
        """Whether the claimed residual risk rests on additional controls that are all verified."""
        return bool(self.additional) and all(one.state is ControlState.VERIFIED for one in self.additional)

    @property
    def decided_on(self) -> int | None:
        """The level that an acceptance would be of: what is claimed once it is evidenced, else the worse of both."""
        if self.residual is None or self.evidenced:
            return self.level
        return max(self.initial.level, self.residual.level) if self.initial else None

    @property
    def closed(self) -> bool:
        return self.status is HazardStatus.CLOSED


def shortened(text: str) -> str:
    """A text as a sentence can quote it."""
    line = " ".join(text.split())
    return f'"{line}"' if len(line) <= LONGEST_QUOTE else f'"{line[:LONGEST_QUOTE].rstrip()}..."'

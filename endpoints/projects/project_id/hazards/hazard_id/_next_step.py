"""What a hazard needs next, in a sentence: what is not done yet on the way from its record to its closure."""

from endpoints.projects.project_id.hazards._hazard import EvidencedRisk, Hazard
from endpoints.projects.project_id.hazards.hazard_id._risk import Acceptance
from models.enumerations import ControlStage, ControlState, HazardStatus

WAITING = (ControlState.PROPOSED, ControlState.AGREED)
UNDESIRABLE, UNACCEPTABLE = 3, 4
"""Levels from which more must be done, and from which a risk can never be accepted."""


SETTLED = {
    HazardStatus.CLOSED: "Nothing: it is closed.",
    HazardStatus.TRANSFERRED: "The organisation that deploys the system acts on it.",
}


def next_step(hazard: Hazard, acceptance: Acceptance | None, *, argued: bool) -> str:
    """`acceptance` is the one in force; `argued` is that an ALARP record is there."""
    if hazard.status in SETTLED:
        return SETTLED[hazard.status]
    if acceptance and acceptance.stale_date:
        return "Look at what changed since the risk was accepted, and have it accepted anew."
    return open_step(hazard) or (None if argued else undesirable_step(hazard)) or decision(hazard, acceptance)


def undesirable_step(hazard: Hazard) -> str | None:
    """Guidance, table 10: level 3 only where less is impractical."""
    return "Record why reducing the risk further is impractical." if worst(hazard) == UNDESIRABLE else None


def decision(hazard: Hazard, acceptance: Acceptance | None) -> str:
    if acceptance:
        return "Close it."
    return "Have the risk accepted." if worst(hazard) == UNDESIRABLE else "Have the risk accepted, or close the hazard."


def worst(hazard: Hazard) -> int:
    """The level that is claimed or, where it is graver, the one that is evidenced; 0 without either."""
    ratings = (hazard.residual or hazard.initial, hazard.residual_evidenced)
    return max((rating.level or 0) for rating in ratings if rating) if any(ratings) else 0


def open_step(hazard: Hazard) -> str | None:
    if hazard.initial is None:
        return "Assess the initial risk."
    additional = [one for one in hazard.controls if one.stage is ControlStage.ADDITIONAL]
    if hazard.residual is None and hazard.initial.level >= UNDESIRABLE:
        return "Assess the residual risk." if additional else "Add controls that reduce the risk."
    if (hazard.residual or hazard.initial).level >= UNACCEPTABLE:
        return "Reduce the risk further: nobody may accept this level."
    waiting = sum(one.state in WAITING for one in additional)
    if waiting:
        return f"Put {waiting} additional {'control' if waiting == 1 else 'controls'} in place."
    return unproven_step(hazard.residual_evidenced)


def unproven_step(evidenced: EvidencedRisk | None) -> str | None:
    """What would bear out a residual risk that is claimed to be acceptable."""
    if evidenced is None or (evidenced.level is not None and evidenced.level < UNACCEPTABLE):
        return None
    counts = f"the risk counts as level {evidenced.level}" if evidenced.level else "nobody knows the risk"
    if not evidenced.waiting_for:
        return f"Add the control that lowers the risk: without it {counts}."
    return f"Verify the additional controls that are in place: until then {counts}."

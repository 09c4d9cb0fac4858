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


def next_step(hazard: Hazard, acceptance: Acceptance | None) -> str:
    """`acceptance` is the one in force."""
    if hazard.status in SETTLED:
        return SETTLED[hazard.status]
    if acceptance and acceptance.stale_date:
        return "Look at what changed since the risk was accepted, and have it accepted anew."
    return open_step(hazard) or ("Close it." if acceptance else "Have the risk accepted, or close the hazard.")


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

"""Rules of what was decided: status, closed causes, acceptance of what remains (DCB0129 6.4, guidance table 5)."""

from collections.abc import Iterator

from checks.assessment import UNACCEPTABLE, UNDESIRABLE, as_evidenced
from checks.hazard import Hazard, shortened
from checks.rule import Gravity, Rule
from models.enumerations import CauseStatus, HazardStatus, Party


def not_accepted(hazard: Hazard) -> Iterator[str]:
    if hazard.decided_on == UNDESIRABLE and not hazard.accepted and not hazard.actions_left:
        yield (
            f"The risk is level 3{as_evidenced(hazard)}, no action is left, and nobody has accepted it. "
            "Have it accepted with a rationale, or find a control that lowers it."
        )


def stale(hazard: Hazard) -> Iterator[str]:
    if hazard.stale and not hazard.closed:
        yield "The risk was accepted in an earlier state of the hazard. Look at what changed and accept it anew."


def closed_and_stale(hazard: Hazard) -> Iterator[str]:
    if hazard.stale and hazard.closed:
        yield (
            "The hazard is closed, but its risk was accepted in an earlier state. "
            "Reopen it, look at what changed, and accept the risk anew before it is closed."
        )


def closed_unacceptable(hazard: Hazard) -> Iterator[str]:
    if hazard.closed and (hazard.level or 0) >= UNACCEPTABLE:
        yield f"The hazard is closed at level {hazard.level}, which nobody may accept. Reopen it and add a control."


def cause_closed_too_early(hazard: Hazard) -> Iterator[str]:
    awaited = {cause for control in hazard.actions_left for cause in control.causes}
    for cause in hazard.causes:
        if cause.status is CauseStatus.CLOSED and cause.id in awaited:
            yield (
                f"The cause {shortened(cause.description)} is closed, but a control that acts on it is not in place. "
                "Reopen the cause, put the control in place, or withdraw it."
            )


def status_not_justified(hazard: Hazard) -> Iterator[str]:
    if hazard.status is not HazardStatus.OPEN and not hazard.status_justification:
        yield f"The hazard is {hazard.status} without a justification. Set the status again and say why."


def transferred_too_early(hazard: Hazard) -> Iterator[str]:
    if hazard.status is HazardStatus.TRANSFERRED:
        for control in hazard.actions_left:
            if control.responsible is Party.MANUFACTURER:
                yield (
                    f"The hazard is transferred, but the manufacturer's control {shortened(control.description)} is "
                    f"only {control.state}. Reopen the hazard, or put the control in place."
                )


RULES = (
    Rule(
        "DEC001",
        Gravity.ERROR,
        "Level 3 that nobody has accepted",
        not_accepted,
        "A risk of level 3 remains only if somebody with the authority to do so accepts it and says why.",
        "DCB0129 6.4.1; DCB0160 2.2.2; implementation guidance, table 10",
    ),
    Rule(
        "DEC002",
        Gravity.ERROR,
        "Acceptance out of date",
        stale,
        "What was accepted is not what is there now: nobody has accepted that.",
        "DCB0129 6.4.1, 7.3.1",
    ),
    Rule(
        "DEC003",
        Gravity.ERROR,
        "Closed with an acceptance out of date",
        closed_and_stale,
        "A closed hazard is looked at no more, so that nobody would notice what the acceptance no longer covers.",
        "DCB0129 6.4.1; implementation guidance, table 5",
    ),
    Rule(
        "DEC004",
        Gravity.ERROR,
        "Closed at an unacceptable level",
        closed_unacceptable,
        "Levels 4 and 5 cannot be accepted; while the risk is there, actions are left.",
        "DCB0129 6.1.5; implementation guidance, tables 5 and 10",
    ),
    Rule(
        "DEC005",
        Gravity.ERROR,
        "Cause closed before its control is in place",
        cause_closed_too_early,
        "A cause can be closed when nothing is left to do about it.",
        "DCB0129 6.3.1",
    ),
    Rule(
        "DEC006",
        Gravity.WARNING,
        "Status without a justification",
        status_not_justified,
        "Who reads the log in some years has to find why nothing was left to be done.",
        "DCB0129 3.1.4; implementation guidance, table 5",
        of_duplicates=True,
    ),
    Rule(
        "DEC007",
        Gravity.ERROR,
        "Transferred with an action of the manufacturer left",
        transferred_too_early,
        "Transferred means that all actions of the manufacturer are completed.",
        "Implementation guidance, table 5",
    ),
)

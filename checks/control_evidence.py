"""Rules of how far controls have come: responsible, in time, in place, shown to be there and to work (DCB0129 6.3)."""

from collections.abc import Iterator

from checks.hazard import Hazard, shortened
from checks.rule import Gravity, Rule
from models.enumerations import ControlState, EvidencePurpose

IN_PLACE = frozenset({ControlState.IMPLEMENTED, ControlState.VERIFIED})


def no_evidence(hazard: Hazard) -> Iterator[str]:
    for control in hazard.additional:
        if control.state in IN_PLACE and not control.evidence and not control.shows:
            yield (
                f"Nothing shows that the additional control {shortened(control.description)} is in place. "
                "Add a file or a link as evidence of its implementation."
            )


def effect_not_shown(hazard: Hazard) -> Iterator[str]:
    for control in hazard.additional:
        shown = EvidencePurpose.EFFECTIVENESS in control.shows or control.evidence
        if control.state is ControlState.VERIFIED and not shown:
            yield (
                f"The control {shortened(control.description)} is verified, but nothing shows that it works. "
                "Add evidence of its effectiveness, such as a test, an audit or figures of use."
            )


def closed_but_not_verified(hazard: Hazard) -> Iterator[str]:
    for control in hazard.additional:
        if hazard.closed and control.state is ControlState.IMPLEMENTED:
            yield (
                f"The hazard is closed, but the control {shortened(control.description)} is implemented and not "
                "verified. Reopen the hazard and verify the control."
            )


def closed_with_action(hazard: Hazard) -> Iterator[str]:
    for control in hazard.actions_left:
        if hazard.closed:
            yield (
                f"The hazard is closed, but the control {shortened(control.description)} is only {control.state}. "
                "Reopen the hazard, and put the control in place or withdraw it."
            )


def nobody_responsible(hazard: Hazard) -> Iterator[str]:
    for control in hazard.additional:
        if control.responsible is None and not control.organisation:
            yield (
                f"Nobody is responsible for the additional control {shortened(control.description)}. "
                "Say whether the manufacturer or the organisation that deploys has to act."
            )


def overdue(hazard: Hazard) -> Iterator[str]:
    for control in hazard.actions_left:
        if control.due_date and control.due_date < hazard.today:
            yield (
                f"The control {shortened(control.description)} was due on {control.due_date.day} "
                f"{control.due_date:%B %Y} and is only {control.state}. Put it in place or agree a new date."
            )


RULES = (
    Rule(
        "CTL101",
        Gravity.ERROR,
        "Additional control without evidence",
        no_evidence,
        "A control is in place when somebody can show it; a log that only says so is a claim.",
        "DCB0129 6.3.1, 6.3.2, 3.1.3",
    ),
    Rule(
        "CTL102",
        Gravity.WARNING,
        "Effectiveness not shown",
        effect_not_shown,
        "That a control is there is one question, that it works another; both have to be verified.",
        "DCB0129 6.3.3",
    ),
    Rule(
        "CTL103",
        Gravity.ERROR,
        "Closed with a control that is not verified",
        closed_but_not_verified,
        "A hazard is closed when all actions are completed, and verifying what was built is one of them.",
        "DCB0129 6.3.2; implementation guidance, table 5",
    ),
    Rule(
        "CTL104",
        Gravity.ERROR,
        "Closed with a control that is not in place",
        closed_with_action,
        "A hazard is closed when all actions are completed.",
        "DCB0129 6.3.1; implementation guidance, table 5",
    ),
    Rule(
        "CTL105",
        Gravity.WARNING,
        "Nobody responsible for a control",
        nobody_responsible,
        "Whose actions are left decides whether a hazard is open or transferred, and who has to be told.",
        "DCB0129 6.3.1; implementation guidance, table 5",
    ),
    Rule(
        "CTL106",
        Gravity.WARNING,
        "Control overdue",
        overdue,
        "The residual risk counts on a control that was to be in place by now.",
        "DCB0129 6.3.1",
    ),
)

"""Rules of how a hazard was judged: initial and residual, each axis with its reason (DCB0129 4.4, 5.1, 6.1)."""

from collections.abc import Iterator

from checks.hazard import LIKELIHOODS, SEVERITIES, Hazard, Rating
from checks.rule import Gravity, Rule

UNACCEPTABLE = 4
UNDESIRABLE = 3
WITH_REASON = 2


def ratings(hazard: Hazard) -> Iterator[tuple[str, Rating]]:
    if hazard.initial:
        yield "initial", hazard.initial
    if hazard.residual:
        yield "residual", hazard.residual


def not_assessed(hazard: Hazard) -> Iterator[str]:
    if hazard.initial is None:
        yield "The initial risk has not been assessed. Assess it, counting the existing controls only."


def severity_not_justified(hazard: Hazard) -> Iterator[str]:
    for stage, rating in ratings(hazard):
        if not rating.severity_justification and not rating.justification:
            yield f"The {stage} severity has no justification. Assess it again and say why no worse and no lesser harm."


def likelihood_not_justified(hazard: Hazard) -> Iterator[str]:
    for stage, rating in ratings(hazard):
        if not rating.likelihood_justification and not rating.justification:
            yield f"The {stage} likelihood has no justification. Assess it again and say what it rests on."


def steps(hazard: Hazard) -> tuple[int, int]:
    """By how many steps the residual rating is below the initial one: severity, likelihood."""
    if not hazard.initial or not hazard.residual:
        return 0, 0
    first, second = hazard.initial, hazard.residual
    return (
        SEVERITIES.index(first.severity) - SEVERITIES.index(second.severity),
        LIKELIHOODS.index(first.likelihood) - LIKELIHOODS.index(second.likelihood),
    )


def lowered_by_nothing(hazard: Hazard) -> Iterator[str]:
    if max(steps(hazard)) > 0 and not hazard.additional:
        yield (
            "The residual risk is lower than the initial risk, but no additional control is recorded. "
            "Add the controls that lower it, or assess the residual risk again."
        )


def residual_higher(hazard: Hazard) -> Iterator[str]:
    if hazard.initial and hazard.residual and hazard.residual.level > hazard.initial.level:
        yield (
            f"The residual risk is level {hazard.residual.level}, higher than the initial risk, which is level "
            f"{hazard.initial.level}. Check both; where a control makes things worse, record what it brings."
        )


def severity_lowered_by_prevention(hazard: Hazard) -> Iterator[str]:
    severity, _ = steps(hazard)
    prevent_only = all(control.causes and not control.mitigates for control in hazard.additional)
    if severity > 0 and hazard.additional and prevent_only:
        yield (
            "The residual severity is lower than the initial one, but every additional control acts on causes only. "
            "Prevention lowers the likelihood. Add what mitigates the harm, or assess the severity again."
        )


def not_evidenced(hazard: Hazard) -> Iterator[str]:
    first, second = hazard.initial, hazard.residual
    if first and second and second.level < first.level and hazard.additional and not hazard.evidenced:
        waiting = sum(control.state != "verified" for control in hazard.additional)
        yield (
            f"The residual risk of level {second.level} is claimed, not evidenced: {waiting} of "
            f"{len(hazard.additional)} additional controls {'is' if waiting == 1 else 'are'} not verified. "
            f"Until then level {first.level} counts. Verify the controls."
        )


def recorded_otherwise(hazard: Hazard) -> Iterator[str]:
    for stage, rating in ratings(hazard):
        if rating.recorded_level not in (None, rating.level):
            yield (
                f"The imported log said level {rating.recorded_level} for the {stage} risk; the matrix gives level "
                f"{rating.level}. Assess it again to settle which severity and likelihood are meant."
            )


def residual_missing(hazard: Hazard) -> Iterator[str]:
    if hazard.initial and hazard.residual is None and hazard.additional:
        yield "There are additional controls, but the residual risk has not been assessed. Assess it with them in mind."


def unacceptable_without_action(hazard: Hazard) -> Iterator[str]:
    if (hazard.level or 0) >= UNACCEPTABLE and not hazard.closed and not hazard.actions_left:
        yield (
            f"The risk is level {hazard.level}, which nobody may accept, and no control is proposed or agreed. "
            "Add a control that lowers it, or take the hazard out of the design."
        )


def as_evidenced(hazard: Hazard) -> str:
    """What is said of a level where a better one is claimed."""
    return " as evidenced" if hazard.decided_on != hazard.level else ""


def lacks_alarp(hazard: Hazard, level: int) -> bool:
    """While an action is left, the risk is still being reduced, and nobody says yet that this is impractical."""
    return hazard.decided_on == level and not hazard.alarp and not hazard.actions_left


def undesirable_without_alarp(hazard: Hazard) -> Iterator[str]:
    if lacks_alarp(hazard, UNDESIRABLE):
        yield (
            f"The risk is level 3{as_evidenced(hazard)} and no ALARP record says why reducing it further is "
            "impractical. Record the options, their cost and the judgement."
        )


def acceptable_without_alarp(hazard: Hazard) -> Iterator[str]:
    if lacks_alarp(hazard, WITH_REASON):
        yield (
            f"The risk is level 2{as_evidenced(hazard)}. "
            "Record why reducing it further costs more than it gains, or is impractical."
        )


RULES = (
    Rule(
        "RSK001",
        Gravity.ERROR,
        "Initial risk not assessed",
        not_assessed,
        "Without an initial risk nobody can tell whether the hazard needs controls at all.",
        "DCB0129 4.4.1",
    ),
    Rule(
        "RSK002",
        Gravity.WARNING,
        "Severity without a justification",
        severity_not_justified,
        "A rating without its reason cannot be reviewed, and is guessed anew by everybody who reads it.",
        "DCB0129 4.4.1, 6.1.4; NHS hazard log template v3.6, column Justification",
    ),
    Rule(
        "RSK003",
        Gravity.WARNING,
        "Likelihood without a justification",
        likelihood_not_justified,
        "A rating without its reason cannot be reviewed, and is guessed anew by everybody who reads it.",
        "DCB0129 4.4.1, 6.1.4; NHS hazard log template v3.6, column Justification",
    ),
    Rule(
        "RSK004",
        Gravity.ERROR,
        "Residual risk lowered by no control",
        lowered_by_nothing,
        "Only an additional control makes a risk lower than it is; existing ones count in the initial risk already.",
        "DCB0129 6.1.1, 6.1.4; glossary, initial clinical risk",
    ),
    Rule(
        "RSK005",
        Gravity.WARNING,
        "Residual risk higher than the initial",
        residual_higher,
        "Controls are there to lower a risk: one of the ratings is wrong, or a control brings a hazard of its own.",
        "DCB0129 6.1.2, 6.1.4",
    ),
    Rule(
        "RSK006",
        Gravity.WARNING,
        "Severity lowered by prevention only",
        severity_lowered_by_prevention,
        "What prevents a cause makes the harm less likely, not less bad when it happens.",
        "DCB0129 6.1.4",
    ),
    Rule(
        "RSK007",
        Gravity.WARNING,
        "Residual risk claimed but not evidenced",
        not_evidenced,
        "Controls that nobody has verified protect nobody yet, however low the rating that counts on them.",
        "DCB0129 6.3.2, 6.3.3",
    ),
    Rule(
        "RSK008",
        Gravity.WARNING,
        "Recorded level differs from the matrix",
        recorded_otherwise,
        "Either the rating or the level of the imported log is not what its authors meant.",
        "DCB0129 4.4.1; implementation guidance, tables 7 to 10",
    ),
    Rule(
        "RSK009",
        Gravity.WARNING,
        "Residual risk not assessed",
        residual_missing,
        "What the additional controls achieve has to be evaluated against the criteria of the plan.",
        "DCB0129 6.1.4",
    ),
    Rule(
        "RSK010",
        Gravity.ERROR,
        "Unacceptable, and nothing is planned",
        unacceptable_without_action,
        "At levels 4 and 5 the hazard has to be removed, or controls added that bring it to an acceptable level.",
        "DCB0129 6.1.1, 6.1.5; implementation guidance, table 10",
    ),
    Rule(
        "RSK011",
        Gravity.ERROR,
        "Level 3 without an ALARP record",
        undesirable_without_alarp,
        "Level 3 is acceptable only when reducing the risk further is impractical; somebody has to say why it is.",
        "Implementation guidance, table 10; DCB0129 6.1.5",
    ),
    Rule(
        "RSK012",
        Gravity.ADVICE,
        "Level 2 without an ALARP record",
        acceptable_without_alarp,
        "Level 2 is acceptable where further reduction costs more than it gains or is impractical.",
        "Implementation guidance, table 10",
    ),
)

"""Rules of which controls were chosen: in words that can be acted on, for what, and at what price (DCB0129 6.1)."""

import re
from collections.abc import Iterator

from checks.hazard import Hazard, shortened
from checks.rule import Gravity, Rule
from models.enumerations import ControlKind

FEWEST_WORDS = 3
VERBS = (
    "is are be been has have had do does must shall should will would can cannot may might need needs "
    "add agree alert allow apply approve ask assign audit avoid back block book call cap change check choose clean "
    "clear close code come compare confirm contact control copy count create cut date define delete deny deploy detect "
    "disable display document download duplicate enable encrypt enforce ensure enter escalate explain export fail fall "
    "filter find fix flag follow force get give go guide handle have help hide hold identify implement include inform "
    "install issue keep know label let limit link list load lock log look maintain make manage mark match measure meet "
    "monitor move name notify obtain offer open order pass pause perform pin place plan present prevent print process "
    "prompt protect prove provide publish put question raise read receive reconcile record recover reduce refer refuse "
    "reject release remain remind remove repeat replace report require reset resolve restore restrict retry return "
    "review roll run scan schedule search see select send separate set show sign start state stop store submit "
    "supply support switch sync take teach tell test time track train transfer trigger turn update upgrade use "
    "validate verify version view wait warn watch withdraw work write"
)
# A word of the list, or one that ends as verbs do: "checks", "was locked", "by labelling".
VERB = re.compile(
    rf"\b(?:(?:{'|'.join(VERBS.split())})(?:e?s)?|\w{{2,}}(?:ed|ing|ises|izes|ise|ize|ify|ifies))\b", re.IGNORECASE
)


def training_only(hazard: Hazard) -> Iterator[str]:
    if hazard.controls and all(control.kind is ControlKind.TRAINING for control in hazard.controls):
        yield (
            "Training is the only control. Look for a change of design first, then for a check in the process; "
            "record why where neither is possible."
        )


def few_words(hazard: Hazard) -> Iterator[str]:
    for control in hazard.controls:
        if len(control.description.split()) < FEWEST_WORDS:
            yield (
                f"The control {shortened(control.description)} says too little to be built or checked. "
                "Say what is done, by whom or by what, and when."
            )


def no_verb(hazard: Hazard) -> Iterator[str]:
    for control in hazard.controls:
        if len(control.description.split()) >= FEWEST_WORDS and not VERB.search(control.description):
            yield (
                f"The control {shortened(control.description)} seems to name a thing without saying what it does. "
                "Write it as an act: who or what does what, and when."
            )


def side_effects_not_asked(hazard: Hazard) -> Iterator[str]:
    for control in hazard.additional:
        if control.brings_hazards is None:
            yield (
                f"Nobody has said whether the additional control {shortened(control.description)} brings new hazards "
                "or changes others. Answer the question on the page of the control."
            )


def side_effects_not_linked(hazard: Hazard) -> Iterator[str]:
    for control in hazard.controls:
        if control.brings_hazards and not control.raised:
            yield (
                f"The control {shortened(control.description)} is said to bring hazards, but none is linked to it. "
                "Record each hazard that it brings and link it to the control."
            )


def side_effects_without_reason(hazard: Hazard) -> Iterator[str]:
    for control in hazard.additional:
        if control.brings_hazards is False and not control.brings_hazards_reason:
            yield (
                f"It is said without a reason that the control {shortened(control.description)} brings no hazards. "
                "Add in a sentence what was considered."
            )


def acts_on_nothing(hazard: Hazard) -> Iterator[str]:
    for control in hazard.additional:
        if not control.causes and not control.mitigates:
            yield (
                f"The additional control {shortened(control.description)} is linked to no cause and no harm. "
                "Link it to what it prevents or mitigates."
            )


def cause_left_alone(hazard: Hazard) -> Iterator[str]:
    reached = {cause for control in hazard.controls for cause in control.causes}
    for cause in hazard.causes:
        if reached and cause.status == "open" and cause.id not in reached:
            yield (
                f"No control acts on the cause {shortened(cause.description)}. "
                "Link the control that does, add one, or close the cause and say why."
            )


RULES = (
    Rule(
        "CTL001",
        Gravity.WARNING,
        "Training as the only control",
        training_only,
        "People forget, leave and are tired: training is the weakest control, and alone it holds back little.",
        "DCB0129 6.1.1; implementation guidance 6.1, order of preference",
    ),
    Rule(
        "CTL002",
        Gravity.WARNING,
        "Control in fewer than three words",
        few_words,
        "Nobody can build, test or inspect what a word or two only hints at.",
        "DCB0129 6.1.1, 6.3.2",
    ),
    Rule(
        "CTL003",
        Gravity.ADVICE,
        "Control without a verb",
        no_verb,
        "A control is something that is done; where no act is named, nobody can tell whether it happens.",
        "DCB0129 6.1.1, 6.3.2",
    ),
    Rule(
        "CTL004",
        Gravity.WARNING,
        "New hazards of a control not considered",
        side_effects_not_asked,
        "A control changes the system, and can bring hazards that were not there before.",
        "DCB0129 6.1.2",
    ),
    Rule(
        "CTL005",
        Gravity.ERROR,
        "Control brings hazards that are not in the log",
        side_effects_not_linked,
        "What a control brings is a hazard like any other, and has to be assessed and controlled.",
        "DCB0129 6.1.3",
    ),
    Rule(
        "CTL006",
        Gravity.ADVICE,
        "No new hazards, and no reason",
        side_effects_without_reason,
        "A bare no cannot be told from a question that was clicked away.",
        "DCB0129 6.1.2",
    ),
    Rule(
        "CTL007",
        Gravity.ADVICE,
        "Control linked to no cause or harm",
        acts_on_nothing,
        "Only a control that is linked shows whether it lowers the likelihood or the severity.",
        "DCB0129 6.1.1",
    ),
    Rule(
        "CTL008",
        Gravity.WARNING,
        "Cause without a control",
        cause_left_alone,
        "The controls of the other causes do nothing about this one.",
        "DCB0129 6.1.1",
    ),
)

"""Rules of what a hazard says: its words, causes, harm, owner, and where it comes from (DCB0129 3.3, 4.3)."""

from collections import Counter
from collections.abc import Iterator

from checks.hazard import Hazard
from checks.rule import Gravity, Rule

SHORT_NAME = 3
SHORT_DESCRIPTION = 6
"""Words: what a bare label needs beside it so that a stranger can picture what happens."""


def no_owner(hazard: Hazard) -> Iterator[str]:
    if not hazard.owned and not hazard.closed:
        yield "The hazard has no owner. Edit it and say who sees to it."


def few_words(hazard: Hazard) -> Iterator[str]:
    if len(hazard.name.split()) <= SHORT_NAME and len(hazard.description.split()) < SHORT_DESCRIPTION:
        yield (
            "The name and the description are too short to picture what happens. "
            "Describe who does or sees what, when, and what goes wrong."
        )


def no_effect(hazard: Hazard) -> Iterator[str]:
    if not hazard.effect:
        yield "No effect is recorded. Edit the hazard and say what it does to the care of a patient."


def no_harm(hazard: Hazard) -> Iterator[str]:
    if not hazard.harm and not hazard.harms:
        yield "No harm is recorded. Edit the hazard and say how a patient could be hurt."


def no_cause(hazard: Hazard) -> Iterator[str]:
    if not hazard.causes:
        yield "No cause is recorded. Add each way in which the hazard can come about."


def same_cause(hazard: Hazard) -> Iterator[str]:
    counts = Counter(" ".join(cause.description.casefold().split()) for cause in hazard.causes)
    repeated = sum(count > 1 for count in counts.values())
    if repeated:
        which = "A cause stands" if repeated == 1 else f"{repeated} causes stand"
        yield f"{which} in the list more than once. Keep one of each."


def no_type(hazard: Hazard) -> Iterator[str]:
    if not hazard.typed:
        yield "The hazard has no type. Give it at least one, so that hazards of a kind can be found together."


def no_source(hazard: Hazard) -> Iterator[str]:
    if hazard.source is None:
        yield "It is not recorded how the hazard was found. Choose the source of identification."


def no_condition(hazard: Hazard) -> Iterator[str]:
    if hazard.condition is None:
        yield "It is not recorded whether the hazard arises in normal use or from a fault. Choose one of them."


def same_name(hazard: Hazard) -> Iterator[str]:
    if hazard.same_name:
        others = "Another hazard" if hazard.same_name == 1 else f"{hazard.same_name} other hazards"
        yield (
            f"{others} of this log {'has' if hazard.same_name == 1 else 'have'} the same name. "
            "Say in the name what is different, or link one as a duplicate of the other."
        )


def review_overdue(hazard: Hazard) -> Iterator[str]:
    if hazard.review_date and hazard.review_date < hazard.today and not hazard.closed:
        yield (
            f"The review was due on {hazard.review_date.day} {hazard.review_date:%B %Y}. "
            "Review the hazard and set the next date."
        )


def owner_left(hazard: Hazard) -> Iterator[str]:
    if hazard.owner_left and not hazard.closed:
        yield "The owner of the hazard is no longer a member of the project. Choose another owner."


RULES = (
    Rule(
        "HAZ001",
        Gravity.ERROR,
        "No owner",
        no_owner,
        "A hazard that nobody owns is worked on by nobody, and nobody can be asked about it.",
        "DCB0129 3.3.1; NHS hazard log template v3.6, column Owner",
    ),
    Rule(
        "HAZ002",
        Gravity.WARNING,
        "Described in a few words only",
        few_words,
        "Severity and likelihood can only be judged of something that a reader can picture.",
        "DCB0129 4.3.1; implementation guidance, table 2",
    ),
    Rule(
        "HAZ003",
        Gravity.WARNING,
        "No effect on care",
        no_effect,
        "The effect leads from what the system does to the harm; without it the severity hangs in the air.",
        "DCB0129 4.3.1; NHS hazard log template v3.6, column Effect",
    ),
    Rule(
        "HAZ004",
        Gravity.ERROR,
        "No harm",
        no_harm,
        "Severity is the severity of a harm to a patient; where none is named, none can be judged.",
        "DCB0129 4.4.1; NHS hazard log template v3.6, column Harm",
    ),
    Rule(
        "HAZ005",
        Gravity.ERROR,
        "No cause",
        no_cause,
        "Controls that prevent act on causes; a hazard without causes can only be endured.",
        "DCB0129 4.3.1; NHS hazard log template v3.6, column Possible Causes",
    ),
    Rule(
        "HAZ006",
        Gravity.WARNING,
        "The same cause twice",
        same_cause,
        "A cause that stands twice is closed once and left open once.",
        "DCB0129 3.3.1",
    ),
    Rule(
        "HAZ007",
        Gravity.ADVICE,
        "No type",
        no_type,
        "Hazards of one type are found, compared and reviewed together.",
        "DCB0129 3.3.1",
    ),
    Rule(
        "HAZ008",
        Gravity.ADVICE,
        "No source of identification",
        no_source,
        "How hazards were found shows whether the search for them was wide enough.",
        "DCB0129 4.1.1, 4.3.1",
    ),
    Rule(
        "HAZ009",
        Gravity.ADVICE,
        "Normal use or fault not recorded",
        no_condition,
        "Hazards have to be looked for in both conditions, and this shows that they were.",
        "DCB0129 4.3.1",
    ),
    Rule(
        "HAZ010",
        Gravity.WARNING,
        "Name used more than once in the log",
        same_name,
        "Two hazards of one name are taken for each other, or are one hazard that is judged twice.",
        "DCB0129 3.3.1",
    ),
    Rule(
        "HAZ011",
        Gravity.WARNING,
        "Review overdue",
        review_overdue,
        "A judgement that is not looked at again no longer describes the system that is in use.",
        "DCB0129 2.6.1, 7.3.1",
    ),
    Rule(
        "HAZ012",
        Gravity.WARNING,
        "Owner has left the project",
        owner_left,
        "Who can no longer open the project sees to nothing in it, while the log says that somebody does.",
        "DCB0129 2.2.1, 3.3.1",
    ),
)

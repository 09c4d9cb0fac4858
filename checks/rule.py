"""What a rule is: an identity that never changes its meaning, how grave it is, why it matters, and how it is found."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from checks.hazard import Hazard


class Gravity(StrEnum):
    """From the gravest: a requirement is not met; something is probably wrong; something could be better."""

    ERROR = "error"
    WARNING = "warning"
    ADVICE = "advice"


@dataclass(frozen=True, slots=True)
class Rule:
    """`find` gives a message for each finding: what is found, where, and what to do about it.

    `clause` is where the requirement stands. A hazard that is a duplicate of another is told there, so that most rules
    leave it alone; `of_duplicates` marks those that do not.
    """

    id: str
    severity: Gravity
    title: str
    find: Callable[[Hazard], Iterable[str]]
    reason: str
    clause: str
    of_duplicates: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    rule: Rule
    message: str

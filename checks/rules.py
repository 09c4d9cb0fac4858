"""Every rule there is, what they find in a hazard, and the table of them in docs/quality-checks.md."""

import sys
from collections.abc import Iterable, Iterator

from checks import assessment, control_choice, control_evidence, decisions, identification, patient_identifiers
from checks.hazard import Hazard
from checks.rule import Finding, Gravity, Rule

PARTS = (identification, assessment, control_choice, control_evidence, decisions, patient_identifiers)
RULES: tuple[Rule, ...] = tuple(
    sorted((rule for part in PARTS for rule in part.RULES), key=lambda rule: list(Gravity).index(rule.severity))
)
"""The gravest first, and in the order of a hazard's life among those of one gravity."""
BY_ID = {rule.id: rule for rule in RULES}


def check(hazard: Hazard) -> Iterator[Finding]:
    """What the rules find, in their order."""
    for rule in RULES:
        for message in messages(rule, hazard):
            yield Finding(rule, message)


def messages(rule: Rule, hazard: Hazard) -> Iterable[str]:
    """What one rule finds in a hazard; a duplicate of another hazard is judged there."""
    return rule.find(hazard) if rule.of_duplicates or not hazard.duplicate else ()


def finds(rule: Rule, hazard: Hazard) -> bool:
    """Whether a rule finds anything, without putting all of it into words."""
    return any(True for _ in messages(rule, hazard))


def documentation() -> str:
    """The table of docs/quality-checks.md."""
    rows = [
        f"| {rule.id} | {rule.severity} | {rule.title} | {rule.reason} | {rule.clause} |"
        for rule in sorted(RULES, key=lambda rule: rule.id)
    ]
    return "\n".join(
        ["| rule | severity | found | why it matters | where it is required |", "|---|---|---|---|---|", *rows]
    )


if __name__ == "__main__":
    sys.stdout.write(documentation() + "\n")

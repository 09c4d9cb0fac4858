"""Guards free text against what identifies a patient: it warns and never blocks, as it can be wrong."""

import re
from collections.abc import Callable, Iterator

from checks.hazard import Hazard
from checks.rule import Gravity, Rule

APART = "\n" * 5
"""Farther than a pattern reaches."""
TEN_DIGITS = re.compile(r"(?<![\d.,/-])(\d{3})[ -]?(\d{3})[ -]?(\d{4})(?![\d/-]|[.,]\d)")
NEVER_ISSUED = "999"
"""NHS numbers that begin so are kept for tests; nor is one ever made of a single digit."""
MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
WRITTEN = rf"\d{{1,2}}(?:st|nd|rd|th)? (?:{MONTHS})[a-z]* \d{{2,4}}"
DATE = rf"(?:\d{{1,2}}[./ -]\d{{1,2}}[./ -]\d{{2,4}}|\d{{4}}-\d\d-\d\d|{WRITTEN})"
BORN = re.compile(
    rf"\b(?:d\.?o\.?b\.?|date of birth|birth ?date|born(?: on)?)\W{{0,3}}(?:is |was )?{DATE}", re.IGNORECASE
)
MODULUS = 11


def is_nhs_number(digits: str) -> bool:
    """Ten digits whose last checks the others, modulo 11 (NHS Data Dictionary, NHS NUMBER)."""
    total = sum(int(digit) * weight for digit, weight in zip(digits, range(10, 1, -1), strict=False))
    issued = not digits.startswith(NEVER_ISSUED) and len(set(digits)) > 1
    return issued and (MODULUS - total % MODULUS) % MODULUS == int(digits[-1])


def has_nhs_number(text: str) -> bool:
    return any(is_nhs_number("".join(found.groups())) for found in TEN_DIGITS.finditer(text))


def has_date_of_birth(text: str) -> bool:
    return BORN.search(text) is not None


def texts(hazard: Hazard) -> Iterator[tuple[str, str]]:
    """Every text that people write about a hazard, each with the words that say where it stands."""
    yield "the name", hazard.name
    yield "the description", hazard.description
    yield "the effect", hazard.effect
    yield "the harm", hazard.harm
    yield from (("a cause", cause.description) for cause in hazard.causes)
    yield from (("a harm", harm) for harm in hazard.harms)
    for control in hazard.controls:
        yield "a control", control.description
        yield "the evidence of a control", control.evidence
        yield "what is said of new hazards of a control", control.brings_hazards_reason
    for stage, rating in (("initial", hazard.initial), ("residual", hazard.residual)):
        if rating:
            for text in (rating.justification, rating.severity_justification, rating.likelihood_justification):
                yield f"a justification of the {stage} risk", text
    yield "the justification of the status", hazard.status_justification
    yield from (("what the imported log recorded", text) for text in (hazard.recorded or {}).values())


def places(hazard: Hazard, found_in: Callable[[str], bool]) -> list[str]:
    """Where such a text stands, each place once. All texts are asked as one first: most hazards have nothing."""
    given = list(texts(hazard))
    if not found_in(APART.join(text for _, text in given)):
        return []
    return list(dict.fromkeys(where for where, text in given if found_in(text)))


def nhs_number(hazard: Hazard) -> Iterator[str]:
    for where in places(hazard, has_nhs_number):
        yield (
            f"What looks like an NHS number stands in {where}. Take it out if it is one; "
            "tell who looks after data protection, as the history keeps what was stored."
        )


def date_of_birth(hazard: Hazard) -> Iterator[str]:
    for where in places(hazard, has_date_of_birth):
        yield f"What looks like a date of birth stands in {where}. Take it out if it is that of a person."


RULES = (
    Rule(
        "PID001",
        Gravity.ERROR,
        "NHS number in a text",
        nhs_number,
        "A hazard log is read by many, may be published, and is kept for good: no patient may be found in it.",
        "UK GDPR article 5(1)(c); NHS Data Dictionary, NHS NUMBER (modulus 11)",
        of_duplicates=True,
    ),
    Rule(
        "PID002",
        Gravity.WARNING,
        "Date of birth in a text",
        date_of_birth,
        "A hazard log is read by many, may be published, and is kept for good: no patient may be found in it.",
        "UK GDPR article 5(1)(c)",
        of_duplicates=True,
    ),
)

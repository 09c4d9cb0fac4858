"""The words of the field as people write them: other case, spaces and signs are understood, numbers never are."""

import re
import unicodedata
from functools import lru_cache

from models.enumerations import HazardStatus, Likelihood, Severity

# Longer than any word here; what is longer is not looked up, so the cache below stays small.
LONGEST_WORD = 300


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """Lower case, single spaces, letters and digits only: "Very-High " and "VERY_HIGH" become "very high"."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(re.findall(r"[^\W_]+", folded))


SEVERITIES = {plain(severity): severity for severity in Severity}
LIKELIHOODS = {plain(likelihood): likelihood for likelihood in Likelihood}
STATUSES = {plain(status): status for status in HazardStatus}
NONE_WORDS = frozenset({"n a", "na", "none", "nil", "not applicable"})
DASHES = "-\u2010\u2011\u2012\u2013\u2014\u2212 "


SCORED = re.compile(r"(\d) - ([A-Za-z ]{3,20})(?::[^\n]*)?")
SCORES = {word: str(place) for order in (SEVERITIES, LIKELIHOODS) for place, word in enumerate(order, start=1)}


def without_score(text: str) -> str:
    """The word of "3 - Medium: Possible", where the number is its place in the official order; else the whole text."""
    found = SCORED.fullmatch(text)
    return found[2] if found and SCORES.get(plain(found[2])) == found[1] else text


def severity(text: str) -> Severity | None:
    return SEVERITIES.get(plain(text)) if len(text) <= LONGEST_WORD else None


def likelihood(text: str) -> Likelihood | None:
    return LIKELIHOODS.get(plain(text)) if len(text) <= LONGEST_WORD else None


def says_none(text: str) -> bool:
    """A cell that says there is nothing to say: "n/a", "None.", "-"; a "?" or a tick says something."""
    return not text.strip(DASHES) or (len(text) <= LONGEST_WORD and "?" not in text and plain(text) in NONE_WORDS)


def status(text: str) -> HazardStatus | None:
    """The status in `text`, open when blank, None when it is not certain.

    "Open - controlled" is open. "Closed - awaiting approval" is not taken for closed, nor is "Transferred to ...",
    as a hazard must never come out less open than its log has it; "Open, now closed" says two things.
    """
    if says_none(text):
        return HazardStatus.OPEN
    words = plain(" ".join(text.split())[:LONGEST_WORD]).split()
    named = [STATUSES[word] for word in words if word in STATUSES]
    if len(words) == 1 or (words[:1] == [HazardStatus.OPEN] and len(named) == 1):
        return STATUSES.get(words[0])
    return None

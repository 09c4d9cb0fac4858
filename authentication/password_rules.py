"""Which passwords may be chosen: long enough, and none of those that are guessed first (OWASP ASVS 5.0, 6.2; NCSC)."""

import re
import threading
from collections.abc import Iterable
from typing import Any

from zxcvbn import zxcvbn

from errors import FieldProblem, Invalid

SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 256
LOOKED_AT = 72
"""Characters whose guesses are counted; the work grows with their square, and more characters make no easier guess."""
LEAST_SCORE = 3
"""Of zxcvbn's 0 to 4: more than 100 million guesses, each of which costs an Argon2id hash."""

LEAST_OWN = 8
"""Letters and numbers that must be left of a password when what others know of the person is taken out of it."""
SHORTEST_WORD = 3

HARDER = "Choose a password that is harder to guess"
REASONS = {
    "user_inputs": "it is made of your name, your email address or the name of this service",
    "passwords": "it is, or is like, one of the passwords that people use most",
    "repeat": "it repeats the same characters",
    "sequence": "its characters follow each other, as in abc or 6543",
    "spatial": "its keys lie beside each other",
    "date": "it is made of a date",
    "regex": "it is made of a year",
}
OTHER_REASON = "it is made of common words or names"

# zxcvbn keeps the words that belong to a person in one place for all threads.
_one_at_a_time = threading.Lock()


def refuse_weak(password: str, known: Iterable[str], field: str = "password") -> None:
    """Invalid, with the reason, for a password that may not be chosen; `known` is what others know of the person.

    Any characters do, and none must be there (6.2.5). Takes up to a tenth of a second: not for the event loop.
    """
    if problem := problem_with(password, known):
        raise Invalid(f"{problem}. Nothing was changed.", problems=[FieldProblem(field, problem)])


def problem_with(password: str, known: Iterable[str]) -> str | None:
    """Why a password may not be chosen, without repeating any of it."""
    if len(password) < SHORTEST_PASSWORD:
        return f"Enter a password of {SHORTEST_PASSWORD} characters or more"
    if len(password) > LONGEST_PASSWORD:
        return f"Enter a password of {LONGEST_PASSWORD} characters or fewer"
    if not _is_text(password):
        return "Enter a password of characters that are valid text"
    reason = REASONS["user_inputs"] if is_made_of(password, words_of(known)) else guessed(password, words_of(known))
    return f"{HARDER}: {reason}. Three random words make a good one" if reason else None


def is_made_of(password: str, words: Iterable[str]) -> bool:
    """Whether too little is left of a password without these words; zxcvbn counts two of them as a long guess."""
    longest_first = sorted(words, key=len, reverse=True)
    left = re.sub("|".join(map(re.escape, longest_first)), "", password.lower()) if longest_first else password
    return len(re.sub(r"[\W_]", "", left)) < LEAST_OWN and left != password.lower()


def guessed(password: str, words: list[str]) -> str | None:
    """Why a password is guessed early; None when it is not."""
    with _one_at_a_time:
        found = zxcvbn(password[:LOOKED_AT], user_inputs=words, max_length=LOOKED_AT)
    return reason_of(found) if found["score"] < LEAST_SCORE else None


def words_of(known: Iterable[str]) -> list[str]:
    """Each text and each word in it, so that `ada.lovelace@example.org` gives away ada, lovelace and example."""
    texts = [text.lower() for text in known if len(text) >= SHORTEST_WORD]
    return [*texts, *(word for text in texts for word in re.findall(r"\w{3,}", text))]


def reason_of(found: dict[str, Any]) -> str:
    """What most of the guess was made of; that a person's own words are in it is said first."""
    matches = [match for match in found["sequence"] if match["pattern"] != "bruteforce"]
    kinds = [match.get("dictionary_name", match["pattern"]) for match in sorted(matches, key=_length, reverse=True)]
    if "user_inputs" in kinds:
        return REASONS["user_inputs"]
    return REASONS.get(kinds[0], OTHER_REASON) if kinds else OTHER_REASON


def _length(match: dict[str, Any]) -> int:
    return len(match["token"])


def _is_text(password: str) -> bool:
    """JSON can carry half a character, which is no text and cannot be hashed."""
    try:
        password.encode()
    except UnicodeEncodeError:
        return False
    return True

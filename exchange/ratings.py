"""The initial and the residual rating of a row; numbers are never turned into words, as logs count either way."""

from exchange import words
from exchange.cells import level_of
from exchange.layouts import rating_field
from exchange.records import OwnRating, Rating
from exchange.row import Row
from models.enumerations import Likelihood, Severity, Stage

CHOICES = {
    "severity": "Minor, Significant, Considerable, Major or Catastrophic",
    "likelihood": "Very low, Low, Medium, High or Very high",
}
# As much of one part of a rating as the report repeats.
LONGEST_PART = 100


def rating_of(row: Row, stage: Stage) -> Rating | None:
    """None where the row has no rating; half a rating, or a word that is not known, is a problem too."""
    if row.headings.layout.own_words:
        return _in_own_words(row, stage)
    severity, likelihood = _severity(row, stage), _likelihood(row, stage)
    stored = _stored_level(row, rating_field(stage, "risk"))
    justification = rating_field(stage, "justification")
    if severity and likelihood:
        return Rating(severity, likelihood, stored, row.text(justification))
    _tell_halves(row, stage)
    if row.text(justification):
        row.keep(justification)
    return None


def _in_own_words(row: Row, stage: Stage) -> Rating | None:
    """A rating only of two official words; a risk is never a level here, as 4 may be 2 times 2."""
    names = [rating_field(stage, part) for part in ("likelihood", "severity", "risk")]
    likelihood = words.likelihood(words.without_score(row.text(names[0])))
    severity = words.severity(words.without_score(row.text(names[1])))
    if severity and likelihood:
        names = names[2:]
    told = [name for name in names if not words.says_none(row.text(name))]
    for name in told:
        row.keep(name)
    if severity and likelihood:
        return Rating(severity, likelihood, None, "")
    if told:
        recorded = ", ".join(f"{row.title(name)} {row.text(name)[:LONGEST_PART]}" for name in told)
        row.own_ratings.append(OwnRating(row.number, stage, recorded))
    return None


def _severity(row: Row, stage: Stage) -> Severity | None:
    name = rating_field(stage, "severity")
    found = words.severity(row.text(name))
    if found is None and not words.says_none(row.text(name)):
        row.problem(name, f"This is not a severity. Enter {CHOICES['severity']}, in words.")
    return found


def _likelihood(row: Row, stage: Stage) -> Likelihood | None:
    name = rating_field(stage, "likelihood")
    found = words.likelihood(row.text(name))
    if found is None and not words.says_none(row.text(name)):
        row.problem(name, f"This is not a likelihood. Enter {CHOICES['likelihood']}, in words.")
    return found


def _stored_level(row: Row, name: str) -> int | None:
    level = level_of(row.text(name))
    if level is None and row.text(name):
        row.keep(name)
        row.note(name, "This is not a level from 1 to 5. The level is derived, and the text is kept as recorded.")
    return level


def _tell_halves(row: Row, stage: Stage) -> None:
    blank = [part for part in CHOICES if words.says_none(row.text(rating_field(stage, part)))]
    if len(blank) == 1:
        row.problem(rating_field(stage, blank[0]), f"The {stage} {blank[0]} is missing. Enter {CHOICES[blank[0]]}.")
    elif len(blank) == len(CHOICES) and row.text(rating_field(stage, "risk")):
        name = rating_field(stage, "severity")
        row.problem(name, f"There is a level of {stage} risk but no severity and no likelihood. Enter both.")

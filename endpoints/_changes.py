"""Puts a version of history into words: each field that changed, what went out of it and what came in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from endpoints._words import label, show_day

LABELS = {"condition": "Arises in", "recorded": "As the imported log recorded it", "recorded_number": "Number in the log"}
# The reference says it on every page.
LEFT_OUT = {"number"}
VALUES = {"condition", "status"}
RATINGS = {"initial": "Initial risk", "residual": "Residual risk"}


class Version(Protocol):
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None


@dataclass(frozen=True)
class Changed:
    name: str
    before: Sequence[str]
    after: Sequence[str]


def changes(version: Version) -> list[Changed]:
    """Of a list only the entries that came or went, unless only their order changed."""
    before, after = version.before or {}, version.after or {}
    return [
        Changed(RATINGS.get(name) or LABELS.get(name) or label(name), *differing(name, before.get(name), after.get(name)))
        for name in dict.fromkeys([*before, *after])
        if name not in LEFT_OUT
    ]


def differing(name: str, before: object, after: object) -> tuple[list[str], list[str]]:
    old, new = in_words(name, before), in_words(name, after)
    gone, come = [text for text in old if text not in new], [text for text in new if text not in old]
    return (gone, come) if gone or come else (old, new)


def in_words(name: str, value: Any) -> list[str]:
    """A stored value as texts: one for a text, one an entry of a list."""
    if value in (None, "", [], {}):
        return []
    if name in RATINGS:
        return rating(value)
    if name == "controls":
        return [f"{label(control['stage'])}: {control['description']}" for control in value]
    if name == "recorded":
        return [f"{heading}: {text}" for heading, text in value.items()]
    if name == "identified_date":
        return [show_day(date.fromisoformat(value))]
    if isinstance(value, list):
        return [str(entry) for entry in value]
    return [label(value) if name in VALUES else str(value)]


def rating(given: Mapping[str, Any]) -> list[str]:
    level = f"Level {given['level']}: {label(given['severity']).lower()} severity, {label(given['likelihood']).lower()} likelihood"
    whys = ("severity_justification", "likelihood_justification", "justification")
    recorded = given.get("recorded_level")
    said = [f"The imported log said level {recorded}"] if recorded and recorded != given["level"] else []
    return [level, *said, *(given[why] for why in whys if given.get(why))]

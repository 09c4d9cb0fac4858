"""Puts a version of history into words: each field that changed, what went out of it and what came in."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from endpoints._words import label, show_day

LABELS = {
    "condition": "Arises in",
    "initial": "Initial risk",
    "recorded": "As the imported log recorded it",
    "recorded_number": "Number in the imported log",
    "residual": "Residual risk",
}
# Every page of a hazard says its reference.
LEFT_OUT = {"number"}
WHYS = ("severity_justification", "likelihood_justification", "justification")


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
        Changed(LABELS.get(name) or label(name), *differing(name, before.get(name), after.get(name)))
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
    if name in SHAPED:
        return SHAPED[name](value)
    return [str(entry) for entry in value] if isinstance(value, list) else [str(value)]


def rating(given: Mapping[str, Any]) -> list[str]:
    severity, likelihood = label(given["severity"]).lower(), label(given["likelihood"]).lower()
    recorded = given.get("recorded_level")
    said = [f"The imported log said level {recorded}"] if recorded not in (None, given["level"]) else []
    whys = [given[why] for why in WHYS if given.get(why)]
    return [f"Level {given['level']}: {severity} severity, {likelihood} likelihood", *said, *whys]


def controls(given: Sequence[Mapping[str, Any]]) -> list[str]:
    return [f"{label(control['stage'])}: {control['description']}" for control in given]


SHAPED: dict[str, Callable[[Any], list[str]]] = {
    "condition": lambda value: [label(value)],
    "controls": controls,
    "identified_date": lambda value: [show_day(date.fromisoformat(value))],
    "initial": rating,
    "recorded": lambda value: [f"{heading}: {text}" for heading, text in value.items()],
    "residual": rating,
    "status": lambda value: [label(value)],
}

"""What a page shows to the second of two editors: each field in which their text and the stored one differ."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from endpoints._forms import Form
from errors import OutOfDate
from models.merging import suggest

Value = str | list[str]


@dataclass(frozen=True)
class Change:
    """One later change: its fields, who made it and when."""

    fields: frozenset[str]
    who: str | None
    at: datetime


@dataclass(frozen=True)
class Differing:
    """A field of two texts. `changed_by` is "both", "them" or "you"; `clash` where both changed the same place."""

    name: str
    theirs: Value
    yours: Value
    suggestion: Value
    clash: bool
    changed_by: str
    change: Change | None


@dataclass(frozen=True)
class Merge:
    """`same` are the fields that need no decision, to be sent along."""

    differing: Sequence[Differing]
    same: Mapping[str, Value]


def is_late(form: Form | None, version: int) -> bool:
    """Whether a form was refused because somebody else was quicker; `version` is the one of now."""
    sent = form.values.get("version") if form and form.status == OutOfDate.status and not form.problems else None
    return sent is not None and str(sent) != str(version)


def merge(form: Form, base: Mapping[str, Value], now: Mapping[str, Value], later: Sequence[Change]) -> Merge:
    """Compare what was sent with what is stored now; `base` is the version that was read, `later` the newest first."""
    yours = {name: plain(form.values.get(name, theirs)) for name, theirs in now.items()}
    found = [
        differing(name, base.get(name, ""), theirs, yours[name], later)
        for name, theirs in now.items()
        if yours[name] != theirs
    ]
    return Merge(found, {name: theirs for name, theirs in now.items() if yours[name] == theirs})


def plain(value: Any) -> Value:
    """A value as a box of a form holds it."""
    if isinstance(value, list):
        return [str(item).strip() for item in value]
    return "" if value is None else str(value).strip()


def differing(name: str, base: Value, theirs: Value, yours: Value, later: Sequence[Change]) -> Differing:
    suggestion = suggest(base, theirs, yours)
    changed_by = "you" if theirs == base else "them" if yours == base else "both"
    change = next((one for one in later if name in one.fields), None)
    return Differing(name, theirs, yours, suggestion.merged, suggestion.clash, changed_by, change)

"""What a page shows to the second of two editors: each field in which their text and the stored one differ.

What both had begun with is what is stored now with all taken back that history tells of since.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from fastapi import Request

from endpoints._forms import Form
from errors import OutOfDate
from models.audit import history
from models.audit.merging import suggest
from models.users.people import Viewer

Value = str | list[str]
Boxes = Mapping[str, Value]
ALL = 1000
"""Versions that somebody may have fallen behind; who changed what before those is not said."""


@dataclass(frozen=True)
class Edited:
    """What two people edit, by its kind and key in history; `boxes` says what those of its form hold in a state."""

    entity: str
    key: UUID
    project_id: UUID
    version: int
    state: Mapping[str, Any]
    boxes: Callable[[Mapping[str, Any]], Boxes]

    @property
    def now(self) -> Boxes:
        return self.boxes(self.state)


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
    """`same` are the fields that need no decision, to be sent along; `version` is the one that was compared with."""

    differing: Sequence[Differing]
    same: Boxes
    version: int = 0


async def merge_of(request: Request, edited: Edited, viewer: Viewer) -> Merge | None:
    """What to merge, when a form came too late: one statement. Else None, and the form is whole.

    A form of some fields only, as that of one text, leaves the others as they are: also as a draft.
    """
    now = edited.now
    request.scope["boxes"] = now
    form: Form | None = request.scope.get("form")
    if form is None:
        return None
    for name, value in now.items():
        form.values.setdefault(name, value)
    if not is_late(form, edited.version):
        return None
    version = int(form.values["version"])
    found = await history.timeline(viewer, edited.project_id, ALL, keys=[edited.key], kinds=[edited.entity])
    later = [entry for entry in found if (entry["entity_version"] or 0) > version]
    base = dict(now)
    for entry in later:
        base.update(edited.boxes(entry["before"] or {}))
    changes = [Change(frozenset(edited.boxes(entry["after"] or {})), entry["who"], entry["at"]) for entry in later]
    return merge(edited.boxes(form.values), base, now, changes, edited.version)


def is_late(form: Form | None, version: int) -> bool:
    """Whether a form was refused because somebody else was quicker; `version` is the one of now."""
    sent = form.values.get("version") if form and form.status == OutOfDate.status and not form.problems else None
    return sent is not None and str(sent) != str(version)


def merge(yours: Boxes, base: Boxes, now: Boxes, later: Sequence[Change], version: int) -> Merge:
    """Compare what was sent with what is stored now; `base` is the version that was read, `later` the newest first."""
    found = [
        differing(name, base.get(name, ""), theirs, yours[name], later)
        for name, theirs in now.items()
        if yours[name] != theirs
    ]
    return Merge(found, {name: theirs for name, theirs in now.items() if yours[name] == theirs}, version)


def texts(state: Mapping[str, Any], names: Iterable[str]) -> dict[str, Value]:
    """Of these fields those that a state has, as boxes hold them."""
    return {name: day(state[name]) if name.endswith("_date") else plain(state[name]) for name in names if name in state}


def day(value: Any) -> str:
    """A day with all its noughts, also from the three boxes of a form; what is none stays as it was typed."""
    text = str(value or "")
    with suppress(ValueError):
        return date(*map(int, text.split("-", 2))).isoformat()
    return text


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

"""What the second of two editors of a hazard is shown."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from typing import Any
from uuid import UUID

from endpoints._forms import Form
from endpoints._merge import Change, Merge, Value, merge, plain
from models import history
from models.enumerations import ControlStage
from models.hazard_log import in_order
from models.people import Viewer

TEXTS = ("name", "description", "effect", "harm", "condition", "source", "owner", "owner_id", "review_date")
STAGES = {"existing_controls": ControlStage.EXISTING, "additional_controls": ControlStage.ADDITIONAL}
ALL = 1000
"""Versions that somebody may have fallen behind; who changed what before those is not said."""


async def merge_of(form: Form, project_id: UUID, hazard: Mapping[str, Any], viewer: Viewer) -> Merge:
    """Their text, yours, and what both had begun with: three statements more than the hazard."""
    version = int(form.values["version"])
    base = await version_of(project_id, hazard["id"], version)
    later = await history.timeline(viewer, project_id, ALL, keys=[hazard["id"]])
    changes = [
        Change(fields_of(entry), entry["who"], entry["at"]) for entry in later if entry["entity_version"] > version
    ]
    return merge(Form(typed(form.values)), base, boxes(hazard), changes)


def typed(values: Mapping[str, Any]) -> dict[str, Any]:
    """What a form sent, as it would be stored: types by the alphabet, a day with all its noughts."""
    found = dict(values)
    if "types" in found:
        found["types"] = in_order(found["types"])
    if found.get("review_date"):
        with suppress(ValueError):
            found["review_date"] = date(*map(int, found["review_date"].split("-"))).isoformat()
    return found


async def version_of(project_id: UUID, hazard_id: UUID, version: int) -> dict[str, Value]:
    """What the boxes held in a version; nothing for one that never was."""
    entry = await history.entry_of_version(project_id, hazard_id, version)
    found = await history.hazard_at(project_id, hazard_id, entry) if entry else None
    return boxes(found) if found else {}


def boxes(hazard: Mapping[str, Any]) -> dict[str, Value]:
    controls = {
        name: [control["description"] for control in hazard["controls"] if control["stage"] == stage]
        for name, stage in STAGES.items()
    }
    harms = [harm if isinstance(harm, str) else harm["description"] for harm in hazard["harms"]]
    lists = {"causes": hazard["causes"], "harms": harms, **controls, "types": hazard["types"]}
    return {name: plain(value) for name, value in {**{name: hazard.get(name) for name in TEXTS}, **lists}.items()}


def fields_of(entry: Mapping[str, Any]) -> frozenset[str]:
    fields = set(entry["after"] or ())
    return frozenset(fields | STAGES.keys() if "controls" in fields else fields)

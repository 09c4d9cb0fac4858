"""How an entry of a project's history is shown, and which of them who may read."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, JsonValue

from endpoints._links import Url
from models.audit import history
from models.hazards import hazard_log

OF_THE_LOG = frozenset({"hazard", "control"})
"""Whoever may see the log may see how it came about."""
OF_MEMBERS = OF_THE_LOG | {"project", "member", "import", "evidence", "hazard_type"}
"""Comments have their own page."""


class Event(BaseModel):
    """`entry` is its number in the project's history, `version` the one of what it is `about`.

    `before` and `after` hold only the fields that changed; `who` is null for the command line.
    """

    entry: int
    at: datetime
    who: str | None
    action: str
    entity: str
    entity_id: UUID | None
    about: str
    version: int | None
    before: dict[str, JsonValue] | None
    after: dict[str, JsonValue] | None
    reason: str | None
    url: Url | None


async def events(project_id: UUID, entries: Sequence[Mapping[str, Any]]) -> list[Event]:
    names = await history.names(entries)
    return [
        Event(
            **{name: entry[name] for name in Event.model_fields.keys() & entry.keys()},
            entry=entry["seq"],
            version=entry["entity_version"],
            about=names.get(entry["entity_id"], ""),
            url=hazard_log.url(project_id, entry["entity_id"]) if entry["entity"] == "hazard" else None,
        )
        for entry in entries
    ]

"""How the versions of a hazard or a control are told: who changed what, when and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field, JsonValue

from endpoints._links import Url
from models.audit import history
from models.users.people import Viewer


class Version(BaseModel):
    """`before` and `after` hold only the fields that changed; `who` is null for the command line.

    Somebody who does not show their name to who asks is "A member of this project".
    """

    entry: int = Field(description="Its number in the history of the project")
    version: int
    at: datetime
    who: str | None
    action: str
    before: dict[str, JsonValue] | None
    after: dict[str, JsonValue] | None
    reason: str | None


class Versions(BaseModel):
    """`names` says what people and hazards are called now that versions name by their keys."""

    versions: list[Version]
    names: dict[str, str]
    older: Url | None = Field(description="Where the versions before these are; null where there are none")


class Wanted(BaseModel):
    before: int | None = Field(None, ge=1, le=2**53, description="The number of an entry: only what was before it")
    limit: int = Field(100, ge=1, le=100)


@dataclass(frozen=True)
class Thing:
    """A hazard or a control, by its kind and key in history, and its page."""

    entity: str
    key: UUID
    project_id: UUID
    url: str


async def page(viewer: Viewer, of: Thing, wanted: Wanted) -> dict[str, Any]:
    """The fields of `Versions`, the newest first."""
    asked = (wanted.limit + 1, wanted.before)
    found = await history.timeline(viewer, of.project_id, *asked, keys=[of.key], kinds=[of.entity])
    entries = found[: wanted.limit]
    more = len(found) > wanted.limit
    if not more and of.entity == "control":
        entries += await first_of_control(viewer, of, entries, wanted)
    return {
        "versions": [
            Version.model_validate({**one, "version": one["entity_version"], "entry": one["seq"]}) for one in entries
        ],
        "names": await history.called(viewer, entries),
        "older": f"{of.url}history/?before={entries[-1]['seq']}&limit={wanted.limit}" if more else None,
    }


async def first_of_control(
    viewer: Viewer, of: Thing, entries: Sequence[Mapping[str, Any]], wanted: Wanted
) -> list[dict[str, Any]]:
    """What stands before the entries of a control of its own, where it came to the log with a hazard."""
    if entries and entries[-1]["entity_version"] == 1:
        return []
    found = await history.origin(viewer, of.project_id, of.key)
    return [found] if found and (wanted.before is None or found["seq"] < wanted.before) else []

"""Changing one part of a hazard, a cause or what its controls act on, as its next version."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from errors import FieldProblem, Invalid, NotFound
from models.audit import audit
from models.audit.audit import Actor
from models.hazards import hazard_edits, hazard_told
from models.hazards.hazard_told import Lists, Told
from models.storage.database import database

Hazard = Mapping[str, Any]
Work = Callable[[Hazard, Lists], Awaitable[Sequence[Mapping[str, Any]]]]
"""Changes rows of a hazard, given its lists as they are; the rows of the controls that are new with it."""


@dataclass(frozen=True)
class Place:
    """Which hazard, and in which project it must be."""

    project_id: UUID
    hazard_id: UUID


async def change(actor: Actor, place: Place, action: str, work: Work, reason: str | None = None) -> None:
    """Do the work and tell it; work that changes nothing makes no version. HazardClosed, NotFound as for every edit."""
    hazard_id = place.hazard_id
    async with database.transaction():
        hazard = await hazard_edits.editable(place.project_id, hazard_id)
        told = await hazard_told.lists(hazard_id)
        new_controls = await work(hazard, told)
        before, after = hazard_told.differing(told, await hazard_told.lists(hazard_id, new_controls))
        if after:
            await hazard_edits.bump(hazard_id, {})
            version = hazard_edits.next_version(hazard, action, before=before, after=after, reason=reason)
            await audit.append(actor, version)


def named(entries: Sequence[Told], key: UUID) -> Told:
    """NotFound when no entry has that key, such as a cause of another hazard."""
    for entry in entries:
        if entry["id"] == key:
            return entry
    raise NotFound


def plain(text: str) -> str:
    """What two texts that say the same have in common: spaces and capitals make no difference."""
    return " ".join(text.split()).casefold()


def refuse_same(texts: Sequence[str], name: str) -> None:
    """Invalid where a list, such as causes, says the same twice."""
    one, said = name.removesuffix("s").capitalize(), [plain(text) for text in texts]
    problems = [
        FieldProblem(f"{name}.{place}", f"{one} {place + 1} is the same as {one.lower()} {said.index(text) + 1}")
        for place, text in enumerate(said)
        if said.index(text) < place
    ]
    if problems:
        raise Invalid(f"The same {one.lower()} is given twice. Nothing was stored.", problems=problems)

"""The hazard log as it was at a moment of the past, rebuilt from its history alone."""

from collections import Counter
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import Field

from authentication.access import may, requires
from endpoints._depends import CurrentProject, CurrentViewer
from endpoints._fields import Line
from endpoints._moments import moment
from endpoints._paging import Page, Paging, pagination
from endpoints.projects._project import Project
from endpoints.projects.project_id import _then
from endpoints.projects.project_id._then import HazardThen
from errors import FieldProblem, Invalid
from models.audit import history
from models.audit.log_then import Outline
from models.enumerations import HazardStatus

router = APIRouter()


class Wanted(Paging):
    """A moment, or the number of an entry of the project's history; now, where neither is given."""

    at: Line | None = Field(None, description="A day (its end) or a time, of the UK unless it names a zone")
    entry: int | None = Field(None, ge=0, le=2**53)


class AsOf(Page[HazardThen]):
    """`entry` and `entry_date` are the last change that counts; `levels` counts the level of each hazard then.

    `partly_by_words` tells that an entry before was written by an early release, which named causes and controls by
    their words alone: what is told of them is right, and they have no keys.
    """

    project: Project
    at: str | None
    entry: int
    entry_date: datetime | None
    newest_entry: int
    partly_by_words: bool
    statuses: dict[HazardStatus, int]
    levels: dict[int, int]
    not_assessed: int


@router.get("/")
@requires(may("hazard:read"))
async def as_of(project: CurrentProject, viewer: CurrentViewer, wanted: Annotated[Wanted, Query()]) -> AsOf:
    """Every hazard as it was, with its levels, status, controls and acceptance, in the order of the numbers."""
    newest = await history.last_entry(project.id)
    entry = await entry_of(project.id, wanted, newest)
    log = await history.outline(project.id, entry)
    keys = sorted(log.hazards, key=lambda key: log.hazards[key].number)
    first = (wanted.page - 1) * wanted.limit
    shown = await history.hazards_at(project.id, keys[first : first + wanted.limit], entry, log.origins)
    levels = Counter(hazard.residual or hazard.initial for hazard in log.hazards.values())
    statuses = Counter(hazard.status for hazard in log.hazards.values())
    return AsOf(
        data=[HazardThen.model_validate(hazard) for hazard in await _then.told(viewer, shown)],
        pagination=pagination(len(keys), wanted.page, wanted.limit),
        project=Project.model_validate(project),
        at=wanted.at,
        entry=entry,
        entry_date=date_of(log),
        newest_entry=newest,
        partly_by_words=log.older,
        statuses={status: statuses[status] for status in HazardStatus},
        levels={level: levels[level] for level in range(5, 0, -1)},
        not_assessed=levels[0],
    )


async def entry_of(project_id: UUID, wanted: Wanted, newest: int) -> int:
    if wanted.at is not None and wanted.entry is not None:
        raise Invalid(problems=[FieldProblem("entry", "Give a moment or an entry, not both")])
    if wanted.at is not None:
        return await history.last_entry_at(project_id, meant(wanted.at))
    if wanted.entry is not None and wanted.entry > newest:
        raise Invalid(problems=[FieldProblem("entry", f"Entry must be at most {newest}, the newest")])
    return newest if wanted.entry is None else wanted.entry


def meant(text: str) -> datetime:
    try:
        return moment(text)
    except ValueError as error:
        raise Invalid(f"{error}.", problems=[FieldProblem("at", str(error))]) from None


def date_of(log: Outline) -> datetime | None:
    return datetime.fromisoformat(log.at) if log.at else None

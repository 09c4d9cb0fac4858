"""A hazard as it was in one of its versions, or after an entry of the project's history; as it is without either."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from authentication.access import may, requires
from endpoints._depends import CurrentProject, CurrentViewer
from endpoints.projects._project import Project
from endpoints.projects.project_id import _then
from endpoints.projects.project_id._then import HazardThen
from endpoints.projects.project_id.hazards._found import CurrentHazard
from errors import FieldProblem, Invalid, NotFound
from models.audit import history

router = APIRouter()


class Wanted(BaseModel):
    version: int | None = Field(None, ge=1, le=2**31 - 1)
    entry: int | None = Field(None, ge=1, le=2**53)


class HazardAsOf(HazardThen):
    """`newest_version` is the one of now, `entry` the number of the entry up to which history was followed."""

    project: Project
    entry: int
    newest_version: int


@router.get("/")
@requires(may("hazard:read"))
async def as_of(
    project: CurrentProject, hazard: CurrentHazard, viewer: CurrentViewer, wanted: Annotated[Wanted, Query()]
) -> HazardAsOf:
    """The hazard with its levels, controls and acceptance as they were; 404 for a version that never was."""
    entry = await entry_of(project.id, hazard.id, wanted)
    found = await history.hazard_at(project.id, hazard.id, entry) if entry else None
    if not found:
        raise NotFound
    about = Project.model_validate(project)
    [told] = await _then.told(viewer, [found])
    return HazardAsOf.model_validate({**told, "project": about, "entry": entry, "newest_version": hazard.version})


async def entry_of(project_id: UUID, hazard_id: UUID, wanted: Wanted) -> int | None:
    if wanted.version is not None and wanted.entry is not None:
        raise Invalid(problems=[FieldProblem("entry", "Give a version or an entry, not both")])
    if wanted.version is not None:
        return await history.entry_of_version(project_id, hazard_id, wanted.version)
    return wanted.entry or await history.last_entry(project_id)

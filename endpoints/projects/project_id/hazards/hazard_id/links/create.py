"""Links a hazard to another one of its project: a related one, or the one that it is a duplicate of."""

from fastapi import APIRouter
from pydantic import BaseModel, Field

from authentication.access import may, requires
from endpoints import _fields
from endpoints._depends import CurrentActor, CurrentProject
from endpoints._fields import RequiredLine
from endpoints._links import Url
from endpoints.projects.project_id.hazards._found import CurrentHazard
from endpoints.projects.project_id.hazards._hazard import HazardInProject, in_project
from endpoints.projects.project_id.hazards._similar import Similar, similar_to
from models.enumerations import HazardLinkKind
from models.hazards import hazard_links

router = APIRouter()


class NewHazardLink(_fields.Request):
    other_id: RequiredLine = Field(description="The id of the other hazard, or its reference such as HAZ-007")
    kind: HazardLinkKind


class HazardToLink(HazardInProject):
    similar: list[Similar]


class Linked(BaseModel):
    url: Url


@router.get("/")
@requires(may("hazard:write"))
async def form(project: CurrentProject, hazard: CurrentHazard) -> HazardToLink:
    """The hazard, the question which other one, and those of this project that say nearly the same."""
    linked = {key for one in await hazard_links.of_hazard(hazard.id) for key in (one["hazard_id"], one["other_id"])}
    alike = [one for one in await similar_to(project.id, hazard.name) if one.project_id == project.id]
    others = [one for one in alike if one.id not in {hazard.id, *linked}]
    return HazardToLink(**dict(in_project(project, hazard)), similar=others)


@router.post("/", status_code=201)
@requires(may("hazard:write"))
async def create(project: CurrentProject, hazard: CurrentHazard, actor: CurrentActor, given: NewHazardLink) -> Linked:
    """422 unless it is another hazard of this project; 409 for a pair that is linked and for a circle of duplicates."""
    await hazard_links.link(actor, project.id, hazard.id, given.other_id, given.kind)
    return Linked(url=f"{hazard.url}#links")

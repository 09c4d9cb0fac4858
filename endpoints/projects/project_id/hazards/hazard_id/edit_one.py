"""One field of a hazard as a form: htmx puts it where the field is shown, otherwise it is a small page."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel

from authentication.access import may, requires
from endpoints._depends import CurrentProject
from endpoints._links import Url
from endpoints.projects._project import Project
from endpoints.projects.project_id.hazards._found import CurrentHazard

router = APIRouter()

Field = Literal["name", "owner", "description", "effect", "harm"]


class Wanted(BaseModel):
    field: Field = "name"


class OneField(BaseModel):
    """`value` as it is now; send it to `edit/` with `version`."""

    project: Project
    reference: str
    name: str
    url: Url
    version: int
    field: Field
    value: str


@router.get("/")
@requires(may("hazard:write"))
async def form(project: CurrentProject, hazard: CurrentHazard, wanted: Annotated[Wanted, Query()]) -> OneField:
    """A text of the hazard as it is now, to be changed."""
    return OneField(
        project=Project.model_validate(project),
        reference=hazard.reference,
        name=hazard.name,
        url=hazard.url,
        version=hazard.version,
        field=wanted.field,
        value=getattr(hazard, wanted.field),
    )

"""The bow-tie of a hazard by itself: as data, as a page to print, or as a picture to put into a document."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel

from authentication.access import may, requires
from endpoints._bow_tie import BowTie
from endpoints._depends import CurrentProject
from endpoints._links import Url
from endpoints._pages import environment
from endpoints.projects._project import Project
from endpoints.projects.project_id.hazards._found import CurrentHazard
from endpoints.projects.project_id.hazards.hazard_id import _bow_tie

router = APIRouter()
PICTURE = {"content": {"image/svg+xml": {"schema": {"type": "string"}}}}


class Wanted(BaseModel):
    format: Literal["svg"] | None = None


class BowTieOfHazard(BaseModel):
    project: Project
    url: Url
    bow_tie: BowTie


@router.get("/", response_model=BowTieOfHazard, responses={200: PICTURE})
@requires(may("hazard:read"))
async def show(
    project: CurrentProject, hazard: CurrentHazard, wanted: Annotated[Wanted, Query()]
) -> BowTieOfHazard | Response:
    """Causes, controls and harms, and which acts on which; `format=svg` gives the picture as a file."""
    tie = await _bow_tie.of_hazard(hazard)
    shown = BowTieOfHazard(project=Project.model_validate(project), url=hazard.url, bow_tie=tie)
    if wanted.format is None:
        return shown
    picture = environment.get_template("_bow_tie_picture.html").render(model=shown)
    headers = {"Content-Disposition": f'attachment; filename="{hazard.reference}-bow-tie.svg"'}
    return Response(picture, media_type="image/svg+xml", headers=headers)

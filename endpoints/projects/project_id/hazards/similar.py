"""Hazards like the one that somebody is about to record, so that it is linked or copied and not written twice."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel

from authentication.access import may, requires
from endpoints._depends import CurrentProject
from endpoints._fields import TextInUrl
from endpoints.projects._project import Project
from endpoints.projects.project_id.hazards._similar import Similar, similar_to

router = APIRouter()


class Written(BaseModel):
    """`name` is what the form of a new hazard sends."""

    text: TextInUrl = ""
    name: TextInUrl = ""


class SimilarHazards(BaseModel):
    project: Project
    text: str
    similar: list[Similar]


@router.get("/")
@requires(may("hazard:write"))
async def similar(project: CurrentProject, written: Annotated[Written, Query()]) -> SimilarHazards:
    """The hazards of this project and of public ones that are most like a text; none for a text without words."""
    text = f"{written.name} {written.text}".strip()
    found = await similar_to(project.id, text)
    return SimilarHazards(project=Project.model_validate(project), text=text, similar=found)

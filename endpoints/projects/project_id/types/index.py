"""The types that hazards of this project are sorted by: the published list, and what the project added."""

from fastapi import APIRouter
from pydantic import BaseModel

from authentication.access import may, requires
from endpoints._depends import CurrentProject
from endpoints.projects._project import Project
from models.hazards import hazard_types

router = APIRouter()


class HazardType(BaseModel):
    """`hazards` is how many bear it."""

    name: str
    published: bool
    hazards: int


class Types(BaseModel):
    project: Project
    data: list[HazardType]


@router.get("/")
@requires(may("hazard:read"))
async def list_types(project: CurrentProject) -> Types:
    """By the alphabet."""
    borne, published = await hazard_types.counted(project.id), set(hazard_types.PUBLISHED)
    return Types(
        project=Project.model_validate(project),
        data=[
            HazardType(name=name, published=name in published, hazards=borne.get(name, 0))
            for name in await hazard_types.offered(project.id)
        ],
    )

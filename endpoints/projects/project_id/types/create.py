"""Adds a type of hazard to the list of a project."""

from fastapi import APIRouter
from pydantic import BaseModel

from authentication.access import may, requires
from endpoints import _fields
from endpoints._depends import CurrentActor, CurrentProject
from endpoints._links import Url
from endpoints.projects._project import Project
from endpoints.projects.project_id.hazards._hazard import Word
from models.hazards import hazard_types

router = APIRouter()


class NewType(_fields.Request):
    name: Word


class AddedType(BaseModel):
    name: str
    url: Url


class TypesOfProject(BaseModel):
    project: Project
    types: list[str]


@router.get("/")
@requires(may("hazard:write"))
async def form(project: CurrentProject) -> TypesOfProject:
    """The types there are."""
    types = await hazard_types.offered(project.id)
    return TypesOfProject(project=Project.model_validate(project), types=types)


@router.post("/", status_code=201)
@requires(may("hazard:write"))
async def create(project: CurrentProject, actor: CurrentActor, given: NewType) -> AddedType:
    """409 when the list has it already, also when it is written with other capitals or spaces."""
    await hazard_types.add(actor, project.id, given.name)
    return AddedType(name=given.name, url=hazard_types.url(project.id))

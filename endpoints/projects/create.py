"""Begins the safety work on a health IT system; who creates a project owns it (DCB0129 3.1.1)."""

from fastapi import APIRouter
from pydantic import BaseModel

from authentication.access import requires, verified
from endpoints import _fields
from endpoints._depends import CurrentActor, CurrentSession, CurrentUser
from endpoints._drafts import keeps_draft
from endpoints._fields import ProjectName, Text
from endpoints.projects._project import Project
from errors import NotFound, NotRecent
from models.enumerations import Standard, Visibility
from models.projects import projects

router = APIRouter()


class NewProject(_fields.Request):
    name: ProjectName
    description: Text = ""
    standard: Standard = Standard.DCB0129
    visibility: Visibility = Visibility.PRIVATE


class Choices(BaseModel):
    standards: list[Standard] = list(Standard)
    visibilities: list[Visibility] = list(Visibility)


@router.get("/")
@requires(verified)
@keeps_draft
async def choices() -> Choices:
    """What a new project may be."""
    return Choices()


@router.post("/", status_code=201)
@requires(verified)
async def create(user: CurrentUser, session: CurrentSession, actor: CurrentActor, project: NewProject) -> Project:
    """Create a project and become its owner; one that everyone may read needs recent proof of who you are."""
    if project.visibility is Visibility.PUBLIC and "recent" not in session.auth:
        raise NotRecent
    key = await projects.create(actor, user.id, **project.model_dump())
    created = await projects.visible(key, user.id)
    if created is None:
        raise NotFound
    return Project.model_validate(created)

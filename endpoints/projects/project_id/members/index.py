"""Who works on a project, and as what."""

from fastapi import APIRouter
from pydantic import BaseModel

from authentication.access import may, requires
from endpoints._depends import CurrentProject, CurrentViewer
from endpoints.projects._project import Project
from endpoints.projects.project_id.members._member import Member
from models.enumerations import Role
from models.projects import members

router = APIRouter()


class Members(BaseModel):
    project: Project
    data: list[Member]
    roles: list[Role] = list(Role)


@router.get("/")
@requires(may("members:read"))
async def list_members(project: CurrentProject, viewer: CurrentViewer) -> Members:
    """Every member, by name; only members see them."""
    found = await members.listed(project.id, viewer)
    return Members(project=Project.model_validate(project), data=[Member.model_validate(row) for row in found])

"""Changes what a member may do; it counts from their next request on."""

from uuid import UUID

from fastapi import APIRouter

from authentication.access import may, requires
from endpoints import _fields
from endpoints._depends import CurrentActor, CurrentProject, CurrentViewer
from endpoints.projects.project_id.members._member import ChangedMember
from models import members
from models.enumerations import Role

router = APIRouter()


class NewRole(_fields.Request):
    role: Role


@router.post("/")
@requires(may("members:manage"))
async def edit(
    project: CurrentProject, viewer: CurrentViewer, member_id: UUID, actor: CurrentActor, change: NewRole
) -> ChangedMember:
    """409 when it would leave the project without an owner."""
    await members.change_role(actor, project.id, member_id, change.role)
    return ChangedMember(**await members.find(project.id, member_id, viewer), url=f"/projects/{project.id}/members/")

"""Changes what a member may do: their role, and whether they accept risk for the organisation (DCB0160 2.2.2)."""

from uuid import UUID

from fastapi import APIRouter
from pydantic import ConfigDict, Field

from authentication.access import may, requires
from endpoints import _fields
from endpoints._depends import CurrentActor, CurrentProject, CurrentViewer
from endpoints.projects.project_id.members._member import ChangedMember
from errors import FieldProblem, Invalid
from models.enumerations import Role
from models.projects import members

router = APIRouter()


class NewRole(_fields.Request):
    """Fields that are left out stay as they are."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"minProperties": 1})

    role: Role = Field(Role.VIEWER, description="Left out, it stays")
    is_executive: bool = Field(default=False, description="Left out, it stays")


@router.post("/")
@requires(may("members:manage"))
async def edit(
    project: CurrentProject, viewer: CurrentViewer, member_id: UUID, actor: CurrentActor, change: NewRole
) -> ChangedMember:
    """It counts from their next request on; 409 when it would leave the project without an owner."""
    if not change.model_fields_set:
        raise Invalid(problems=[FieldProblem("role", "Select a role")])
    await members.change(actor, project.id, member_id, **change.model_dump(exclude_unset=True))
    return ChangedMember(**await members.find(project.id, member_id, viewer), url=f"/projects/{project.id}/members/")

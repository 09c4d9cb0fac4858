"""Makes a person a member of a project."""

from fastapi import APIRouter
from pydantic import BaseModel

from authentication.access import may, requires
from endpoints import _fields
from endpoints._depends import CurrentActor, CurrentProject, CurrentViewer
from endpoints._fields import EmailAddress
from endpoints.projects._project import Project
from endpoints.projects.project_id.members._member import ChangedMember
from errors import FieldProblem, Invalid
from models import accounts, members
from models.enumerations import Role

router = APIRouter()


class NewMember(_fields.Request):
    email_address: EmailAddress
    role: Role


class Choices(BaseModel):
    project: Project
    roles: list[Role] = list(Role)


@router.get("/")
@requires(may("members:manage"))
async def choices(project: CurrentProject) -> Choices:
    """What a new member may be."""
    return Choices(project=Project.model_validate(project))


@router.post("/", status_code=201)
@requires(may("members:manage"))
async def create(
    project: CurrentProject, viewer: CurrentViewer, actor: CurrentActor, member: NewMember
) -> ChangedMember:
    """Add the person with this address, who needs an account first."""
    user = await accounts.by_email_address(member.email_address)
    if user is None or not user.is_active:
        message = "Enter the address of someone who has an account here"
        raise Invalid(problems=[FieldProblem("email_address", message)])
    key = await members.add(actor, project.id, user.id, member.role)
    return ChangedMember(**await members.find(project.id, key, viewer), url=f"/projects/{project.id}/members/")

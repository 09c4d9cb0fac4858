"""Makes a person a member of a project."""

from fastapi import APIRouter
from pydantic import BaseModel

from authentication.access import may, requires
from authentication.throttles import Guess, Guesser
from endpoints import _fields
from endpoints._depends import CurrentActor, CurrentGuesser, CurrentProject, CurrentViewer
from endpoints._fields import EmailAddress
from endpoints.projects._project import Project
from endpoints.projects.project_id.members._member import ChangedMember
from errors import FieldProblem, Invalid
from models.audit.audit import Actor
from models.enumerations import Role
from models.projects import members
from models.users import accounts
from models.users.users import User

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
    project: CurrentProject, viewer: CurrentViewer, actor: CurrentActor, guesser: CurrentGuesser, member: NewMember
) -> ChangedMember:
    """Add the person with this address, who needs an account first; 429 after too many addresses without one."""
    user = await person(guesser, actor, member.email_address)
    key = await members.add(actor, project.id, user.id, member.role)
    return ChangedMember(**await members.find(project.id, key, viewer), url=f"/projects/{project.id}/members/")


async def person(guesser: Guesser, actor: Actor, address: str) -> User:
    """Whoever makes a project for it could otherwise try addresses one after the other (OWASP ASVS 5.0, 6.3.8)."""
    async with guesser.trying(Guess.MEMBER, str(actor.user_id)):
        user = await accounts.by_email_address(address)
        if user is None or not user.is_active:
            message = "Enter the address of someone who has an account here"
            raise Invalid(problems=[FieldProblem("email_address", message)])
    return user

"""Hands a project over: a member becomes its owner, and who was it stays or steps back."""

from typing import Literal
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel

from authentication.access import may, requires
from endpoints import _fields
from endpoints._depends import CurrentActor, CurrentProject, CurrentUser, CurrentViewer
from endpoints._drafts import keeps_draft
from endpoints._faces import Done
from endpoints._fields import Text
from endpoints.projects._project import Project
from endpoints.projects.project_id.members._member import Member
from models.enumerations import Role
from models.projects import governance, members

router = APIRouter()


class Handover(_fields.Request):
    """`own_role` is what who hands over is from then on."""

    member_id: UUID
    own_role: Literal[Role.OWNER, Role.CONTRIBUTOR] = Role.CONTRIBUTOR
    reason: Text = ""


class Heirs(BaseModel):
    project: Project
    members: list[Member]


@router.get("/")
@requires(may("project:transfer"))
@keeps_draft
async def form(project: CurrentProject, user: CurrentUser, viewer: CurrentViewer) -> Heirs:
    """The members who could own it."""
    others = [one for one in await members.listed(project.id, viewer) if one["user_id"] != user.id]
    return Heirs(project=Project.model_validate(project), members=[Member.model_validate(one) for one in others])


@router.post("/", status_code=204, response_class=Response)
@requires(may("project:transfer"))
async def transfer(project: CurrentProject, actor: CurrentActor, given: Handover) -> Done:
    """404 for who is no member of this project; 409 when they own it already and you stay an owner."""
    await governance.transfer(actor, project.id, given.member_id, given.own_role, given.reason)
    return Done(f"/projects/{project.id}/")

"""Your work: the hazards of all your projects that wait for you."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel

from authentication.access import requires, signed_in
from authentication.scopes import READ
from endpoints._depends import CurrentUser
from endpoints._links import Url
from models.enumerations import HazardStatus
from models.projects import my_work

router = APIRouter()
NOBODY = UUID(int=0)
"""Who has not verified their address is a member of nothing."""


class Waiting(BaseModel):
    """A hazard; `level` is the current one."""

    id: UUID
    project_id: UUID
    project: str
    reference: str
    name: str
    status: HazardStatus
    level: int | None
    updated_date: datetime
    url: Url


class InProject(BaseModel):
    id: UUID
    name: str
    count: int
    url: Url


class Group(BaseModel):
    """`hazards` are the worst ten; `url` of a project is the list in its log that comes nearest."""

    total: int
    projects: list[InProject]
    hazards: list[Waiting]


class Work(BaseModel):
    """`to_accept` are open hazards that are ready for you to accept, `to_read` those changed since you read them."""

    owned: Group
    to_accept: Group
    to_read: Group
    stale: Group
    overdue: Group


@router.get("/")
@requires(signed_in, scopes=READ)
async def work(user: CurrentUser) -> Work:
    """What you own, may accept, have to read again, and what is stale or overdue, over all your projects."""
    return Work.model_validate(await my_work.groups(user.member_id or NOBODY, is_cso=user.is_cso))

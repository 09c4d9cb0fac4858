"""Ends a membership; the person's account and what they wrote stay."""

from uuid import UUID

from fastapi import APIRouter, Response

from authentication.access import may, requires
from endpoints._depends import CurrentActor, CurrentProject
from endpoints._faces import Done
from models.projects import members

router = APIRouter()


@router.post("/", status_code=204, response_class=Response)
@requires(may("members:manage"))
async def remove(project: CurrentProject, member_id: UUID, actor: CurrentActor) -> Done:
    """409 when it would leave the project without an owner."""
    await members.remove(actor, project.id, member_id)
    return Done(f"/projects/{project.id}/members/")

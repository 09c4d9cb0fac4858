"""Marks the comments on a hazard as read by who is signed in; to look at them changes nothing."""

from fastapi import APIRouter, Response
from pydantic import Field

from authentication.access import may, requires
from endpoints import _fields
from endpoints._depends import CurrentActor
from endpoints._faces import Done
from endpoints._fields import Moment
from endpoints.projects.project_id.hazards._found import CurrentHazard
from models.comments import discussions

router = APIRouter()


class Read(_fields.Request):
    until: Moment | None = Field(None, description="When the last comment that was shown was written")


@router.post("/", status_code=204, response_class=Response)
@requires(may("comment:read"))
async def mark_read(hazard: CurrentHazard, actor: CurrentActor, seen: Read) -> Done:
    """Comments that came after `until` stay unread; without it all count as read."""
    await discussions.mark_read(actor, hazard.id, seen.until)
    return Done(f"{hazard.url}#comments")

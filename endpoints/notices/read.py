"""Marks one notice of who is signed in as read, or all of them."""

from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import Field

from authentication.access import requires, signed_in
from endpoints import _fields
from endpoints._depends import CurrentActor, CurrentUser
from endpoints._faces import Done
from models.comments import hazard_notices
from models.comments.hazard_notices import NOTICES

router = APIRouter()


class Read(_fields.Request):
    notice_id: UUID | None = Field(None, description="One of your notices; all of them without it")


@router.post("/", status_code=204, response_class=Response)
@requires(signed_in)
async def mark_read(user: CurrentUser, actor: CurrentActor, given: Read) -> Done:
    """A notice that is read already, or is none of yours, is left as it is."""
    which = [NOTICES.c.id == given.notice_id] if given.notice_id else []
    await hazard_notices.mark_read(actor, user.id, *which)
    return Done("/notices/")

"""Opens an account again that was disabled; what was ended stays ended."""

from uuid import UUID

from fastapi import APIRouter, Response

from authentication import standing
from authentication.access import administrator, requires
from endpoints._depends import CurrentActor
from endpoints._drafts import keeps_draft
from endpoints._faces import Done
from endpoints.ops.users import _user
from endpoints.ops.users._user import Because, User

router = APIRouter()


@router.get("/")
@requires(administrator, recent=True)
@keeps_draft
async def form(user_id: UUID) -> User:
    """The person, and the question why."""
    return await _user.find(user_id)


@router.post("/", status_code=204, response_class=Response)
@requires(administrator, recent=True)
async def enable(user_id: UUID, actor: CurrentActor, order: Because) -> Done:
    """409 when it is active."""
    await standing.set_active(actor, user_id, order.reason, active=True)
    return Done(f"/ops/users/{user_id}/")

"""Takes the second factor away from somebody who has lost it: they sign in with their password and set up another."""

from uuid import UUID

from fastapi import APIRouter, Response

from authentication import factor_changes
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
async def remove(user_id: UUID, actor: CurrentActor, order: Because) -> Done:
    """Remove all of it; every session of theirs ends and they are told. 409 for your own, or when there is none."""
    await factor_changes.remove_all(actor, user_id, order.reason)
    return Done(f"/ops/users/{user_id}/")

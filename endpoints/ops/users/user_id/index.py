"""One account as administrators see it: who it is, what it may do, whether it is in use."""

from uuid import UUID

from fastapi import APIRouter

from authentication import second_factor, sessions
from authentication.access import administrator, requires
from endpoints._depends import CurrentPolicy, CurrentSession
from endpoints.ops.users import _user
from endpoints.ops.users._user import User

router = APIRouter()


class UserInUse(User):
    live_sessions: int
    includes_you: bool
    has_second_factor: bool


@router.get("/")
@requires(administrator)
async def show(session: CurrentSession, policy: CurrentPolicy, user_id: UUID) -> UserInUse:
    """A person in full, whatever they show to others, and how many live sessions they have."""
    found = await _user.find(user_id)
    _, live = await sessions.page_of_live(policy, [sessions.SESSIONS.c.user_id == user_id], 1, 1)
    has = (await second_factor.held(user_id)).any
    mine = session.user.id == user_id
    return UserInUse(**dict(found), live_sessions=live, includes_you=mine, has_second_factor=has)

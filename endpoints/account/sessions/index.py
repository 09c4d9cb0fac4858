"""Where you are signed in: one session a device."""

from fastapi import APIRouter

from authentication import sessions
from authentication.access import requires, signed_in
from endpoints._depends import CurrentPolicy, CurrentSession
from endpoints._paging import Page, Pages, pagination
from endpoints._session import Session

router = APIRouter()


@router.get("/")
@requires(signed_in)
async def own_sessions(session: CurrentSession, policy: CurrentPolicy, paging: Pages) -> Page[Session]:
    """Your live sessions, the last used first."""
    mine = [sessions.SESSIONS.c.user_id == session.user.id]
    found, total = await sessions.page_of_live(policy, mine, paging.page, paging.limit)
    shown = [Session.model_validate({**row, "current": row["id"] == session.id}) for row in found]
    return Page(data=shown, pagination=pagination(total, paging.page, paging.limit))

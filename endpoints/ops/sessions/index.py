"""Every live session, for those who operate the service."""

from typing import Annotated

from fastapi import APIRouter, Query

from authentication import sessions
from authentication.access import administrator, requires
from endpoints._depends import CurrentPolicy, CurrentSession
from endpoints._fields import EmailAddress
from endpoints._paging import Page, Paging, pagination
from endpoints._session import OwnedSession

router = APIRouter()


class Wanted(Paging):
    email_address: EmailAddress = ""


class Sessions(Page[OwnedSession]):
    email_address: str


@router.get("/")
@requires(administrator)
async def all_sessions(session: CurrentSession, policy: CurrentPolicy, wanted: Annotated[Wanted, Query()]) -> Sessions:
    """Live sessions of everyone, or of one address, the last used first."""
    which = [sessions.USERS.c.email_address == wanted.email_address] if wanted.email_address else []
    found, total = await sessions.page_of_live(policy, which, wanted.page, wanted.limit)
    shown = [OwnedSession.model_validate({**row, "current": row["id"] == session.id}) for row in found]
    return Sessions(
        data=shown, pagination=pagination(total, wanted.page, wanted.limit), email_address=wanted.email_address
    )

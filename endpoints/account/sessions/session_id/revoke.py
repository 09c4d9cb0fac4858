"""Ends one of your own sessions, such as one on a shared computer that you left open."""

from uuid import UUID

from fastapi import APIRouter, Response

from authentication import revocation, sessions
from authentication.access import requires, signed_in
from endpoints._depends import CurrentActor
from endpoints._faces import Done
from errors import NotFound

router = APIRouter()


@router.post("/", status_code=204, response_class=Response)
@requires(signed_in, recent=True)
async def revoke(session_id: UUID, actor: CurrentActor) -> Done:
    """End it at once (OWASP ASVS 5.0, 7.5.2); 404 for a session that is not yours or has ended."""
    table = sessions.SESSIONS.c
    which = [table.id == session_id, table.user_id == actor.user_id]
    if not await revocation.revoke(actor, which, "ended by its owner"):
        raise NotFound
    return Done("/account/sessions/")

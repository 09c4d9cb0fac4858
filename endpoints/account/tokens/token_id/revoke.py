"""Ends one of your API tokens."""

from uuid import UUID

from fastapi import APIRouter, Response

from authentication import revocation, sessions
from authentication.access import requires, signed_in
from endpoints._depends import CurrentActor
from endpoints._faces import Done
from errors import NotFound
from models.enumerations import SessionKind

router = APIRouter()


@router.post("/", status_code=204, response_class=Response)
@requires(signed_in)
async def revoke(token_id: UUID, actor: CurrentActor) -> Done:
    """End it at once; 404 for a token that is not yours or has ended."""
    table = sessions.SESSIONS.c
    which = [table.id == token_id, table.user_id == actor.user_id, table.kind == SessionKind.TOKEN]
    if not await revocation.revoke(actor, which, "ended by its owner"):
        raise NotFound
    return Done("/account/tokens/")

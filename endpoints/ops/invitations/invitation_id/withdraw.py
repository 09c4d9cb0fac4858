"""Takes an invitation back: its link works no more."""

from uuid import UUID

from fastapi import APIRouter, Response

from authentication import invitations
from authentication.access import administrator, requires
from endpoints._depends import CurrentActor
from endpoints._faces import Done

router = APIRouter()


@router.post("/", status_code=204, response_class=Response)
@requires(administrator, recent=True)
async def withdraw(invitation_id: UUID, actor: CurrentActor) -> Done:
    """404 when it works no more anyway."""
    await invitations.withdraw(actor, invitation_id)
    return Done("/ops/invitations/")

"""Forgets a passkey, such as one of a device that is no longer yours."""

from uuid import UUID

from fastapi import APIRouter, Response

from authentication import factor_changes
from authentication.access import registering, requires
from endpoints._depends import CurrentActor, CurrentUser
from endpoints._faces import Done

router = APIRouter()


@router.post("/", status_code=204, response_class=Response)
@requires(registering, recent=True)
async def remove(user: CurrentUser, actor: CurrentActor, passkey_id: UUID) -> Done:
    """Your other sessions end. 404 for one that is not yours, 409 when your role requires one and this is the last."""
    await factor_changes.remove_passkey(actor, user.id, passkey_id)
    return Done("/account/second_factor/")

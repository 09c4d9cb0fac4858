"""Forgets the authenticator app, such as one on a device that is no longer yours."""

from fastapi import APIRouter, Response

from authentication import factor_changes
from authentication.access import registering, requires
from endpoints._depends import CurrentActor, CurrentUser
from endpoints._faces import Done

router = APIRouter()


@router.post("/", status_code=204, response_class=Response)
@requires(registering, recent=True)
async def remove(user: CurrentUser, actor: CurrentActor) -> Done:
    """Your other sessions end. 409 when there is none, or your role requires one and this is the last."""
    await factor_changes.remove_app(actor, user.id)
    return Done("/account/second_factor/")

"""Takes your picture away."""

from fastapi import APIRouter, Response

from authentication.access import requires, signed_in
from endpoints._depends import CurrentActor, CurrentUser
from endpoints._faces import Done
from models.users import pictures

router = APIRouter()


@router.post("/", status_code=204, response_class=Response)
@requires(signed_in)
async def remove(user: CurrentUser, actor: CurrentActor) -> Done:
    """409 when there is none."""
    await pictures.remove(actor, user.id)
    return Done("/account/picture/?after=no_picture")

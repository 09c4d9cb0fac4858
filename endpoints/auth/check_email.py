"""Says that a letter is on its way, in the same words whether one is."""

from fastapi import APIRouter
from pydantic import BaseModel

from authentication.access import public, requires
from endpoints._depends import CurrentSettings

router = APIRouter()


class OnItsWay(BaseModel):
    """`sender` is the address that letters come from, to look for."""

    sender: str


@router.get("/")
@requires(public)
async def check_email(settings: CurrentSettings) -> OnItsWay:
    """The page after something that is answered by a letter."""
    return OnItsWay(sender=settings.MAIL_FROM)

"""Sends the link that verifies an address once more."""

from fastapi import APIRouter, Response
from pydantic import BaseModel

from authentication import registration
from authentication.access import requires, signed_in
from endpoints._depends import CurrentActor, CurrentPolicy, CurrentUser
from endpoints._faces import Done

router = APIRouter()


class Address(BaseModel):
    """Where the link would go, if it still has to."""

    email_address: str
    is_verified: bool


@router.get("/")
@requires(signed_in)
async def form(user: CurrentUser) -> Address:
    """The page that offers it."""
    return Address(email_address=user.email_address, is_verified=user.is_verified)


@router.post("/", status_code=204, response_class=Response)
@requires(signed_in)
async def resend(actor: CurrentActor, policy: CurrentPolicy, user: CurrentUser) -> Done:
    """Send it; 429 when the last one was sent just now, 409 when the address is verified already."""
    await registration.send_again(policy.tokens, actor, user.id)
    return Done("/auth/check_email/")

"""Invites somebody to register: a link in a letter to one address."""

from fastapi import APIRouter, Response
from pydantic import BaseModel

from authentication import invitations
from authentication.access import administrator, requires
from endpoints import _fields
from endpoints._depends import CurrentActor, CurrentPolicy
from endpoints._faces import Done
from endpoints._fields import NewAddress

router = APIRouter()


class NewInvitation(_fields.Request):
    email_address: NewAddress


class Form(BaseModel):
    days: int = invitations.LIFETIME.days


@router.get("/")
@requires(administrator, recent=True)
async def form() -> Form:
    """For how many days the link in the letter works."""
    return Form()


@router.post("/", status_code=204, response_class=Response)
@requires(administrator, recent=True)
async def create(actor: CurrentActor, policy: CurrentPolicy, invitation: NewInvitation) -> Done:
    """Send the letter; an earlier invitation of the same address works no more."""
    await invitations.invite(policy.tokens, actor, invitation.email_address)
    return Done("/ops/invitations/")

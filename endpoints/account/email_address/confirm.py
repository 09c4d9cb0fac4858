"""Takes a new address into use, by the link that its mailbox got and a session of the account."""

from fastapi import APIRouter, Response
from pydantic import BaseModel

from authentication import address_changes, single_use
from authentication.access import requires, signed_in
from endpoints import _fields
from endpoints._depends import CurrentActor, CurrentPolicy, CurrentUser
from endpoints._faces import Done
from models.enumerations import Purpose

router = APIRouter()


class Link(BaseModel):
    """`works` says whether the link does, for who is signed in; `email_address` is the one that it brings."""

    works: bool
    token: str
    email_address: str


class Confirmation(_fields.Request):
    token: str


@router.get("/")
@requires(signed_in)
async def form(user: CurrentUser, policy: CurrentPolicy, token: str = "") -> Link:
    """The page that a letter leads to; it changes nothing.

    Who was sent the letter by mistake has no session of the account, so the link is worth nothing to them.
    """
    issued = await single_use.look(policy.tokens, token, Purpose.CHANGE_EMAIL)
    if issued is None or issued.user_id != user.id:
        return Link(works=False, token="", email_address="")
    return Link(works=True, token=token, email_address=issued.email_address or "")


@router.post("/", status_code=204, response_class=Response)
@requires(signed_in)
async def confirm(actor: CurrentActor, policy: CurrentPolicy, given: Confirmation) -> Done:
    """Change the address; your other sessions end, and both addresses are told."""
    await address_changes.confirm(policy.tokens, actor, given.token)
    return Done("/account/?after=email_address")

"""Verifies the address of an account by the link of a letter and a session of the account."""

from fastapi import APIRouter, Response
from pydantic import BaseModel

from authentication import registration, single_use
from authentication.access import registering, requires
from endpoints import _fields
from endpoints._depends import CurrentActor, CurrentPolicy, CurrentUser
from endpoints._faces import Done
from models.enumerations import Purpose

router = APIRouter()


class Link(BaseModel):
    """`works` says whether the link still does, and `email_address` what it verifies, for who is signed in."""

    works: bool
    token: str
    email_address: str


class Verification(_fields.Request):
    token: str


@router.get("/")
@requires(registering)
async def form(user: CurrentUser, policy: CurrentPolicy, token: str = "") -> Link:
    """The page that a letter leads to; it changes nothing, as mail programs open links by themselves.

    Who got the letter because somebody else registered their address has no session of that account.
    """
    issued = await single_use.look(policy.tokens, token, Purpose.VERIFY_EMAIL)
    if issued is None or issued.user_id != user.id:
        return Link(works=False, token="", email_address="")
    return Link(works=True, token=token, email_address=issued.email_address or "")


@router.post("/", status_code=204, response_class=Response)
@requires(registering)
async def verify(actor: CurrentActor, policy: CurrentPolicy, given: Verification) -> Done:
    """Note that the address is yours; from the next request on you may do what needs it."""
    await registration.verify(policy.tokens, actor, given.token)
    return Done("/account/?after=verification")

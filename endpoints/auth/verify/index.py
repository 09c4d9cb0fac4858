"""Verifies the address of an account by the link of a letter."""

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from authentication import registration, single_use
from authentication.access import public, requires
from endpoints import _fields
from endpoints._depends import CurrentPolicy
from endpoints._faces import Done
from models.enumerations import Purpose

router = APIRouter()


class Link(BaseModel):
    """`works` says whether the link still does, and `email_address` what it verifies."""

    works: bool
    token: str
    email_address: str


class Verification(_fields.Request):
    token: str


@router.get("/")
@requires(public)
async def form(policy: CurrentPolicy, token: str = "") -> Link:
    """The page that a letter leads to; it changes nothing, as mail programs open links by themselves."""
    issued = await single_use.look(policy.tokens, token, Purpose.VERIFY_EMAIL)
    return Link(
        works=issued is not None,
        token=token if issued else "",
        email_address=(issued.email_address or "") if issued else "",
    )


@router.post("/", status_code=204, response_class=Response)
@requires(public)
async def verify(request: Request, policy: CurrentPolicy, given: Verification) -> Done:
    """Note that the address is yours; from the next request on you may do what needs it."""
    await registration.verify(policy.tokens, given.token, request.scope["request_id"])
    return Done("/account/")

"""Signs a person in by a passkey alone: what they have, opened by their finger, face or PIN."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field

from authentication import passkeys
from authentication.access import public, requires
from endpoints import _fields
from endpoints._depends import CurrentCeremonies, CurrentPolicy
from endpoints._links import PROJECTS, LocalPath
from endpoints._proof import Passkey
from endpoints.auth._begin import SignedIn, begin, signed_in
from errors import WrongProof
from models.enumerations import Factors
from models.storage.database import database
from models.users import accounts

router = APIRouter()

BINDING = "sign in"


class Wanted(BaseModel):
    next: LocalPath = PROJECTS


class Question(Wanted):
    """`passkey` is for `navigator.credentials.get`; null where this service has no name that passkeys could be for."""

    passkey: dict[str, Any] | None


class Answer(_fields.Request):
    passkey: Passkey = Field(description="What `navigator.credentials.get` gave, as JSON text")
    next: LocalPath = PROJECTS


@router.get("/")
@requires(public)
async def form(ceremonies: CurrentCeremonies, wanted: Annotated[Wanted, Query()]) -> Question:
    """The page that asks the device; nothing is stored before it answers."""
    return Question(next=wanted.next, passkey=await passkeys.to_get(ceremonies(BINDING)))


@router.post("/")
@requires(public)
async def login(
    request: Request, response: Response, answer: Answer, ceremonies: CurrentCeremonies, policy: CurrentPolicy
) -> SignedIn:
    """Sign in; whatever is not right gets the same answer."""
    shown = await passkeys.shown(ceremonies(BINDING), answer.passkey)
    if shown is None:
        raise WrongProof
    async with database.transaction():
        await accounts.lock(shown.user_id)
        if not await passkeys.spend(shown):
            raise WrongProof
        cookie = await begin(request, policy, shown.user_id, shown.auth_epoch, Factors.PASSKEY)
    return await signed_in(request, response, cookie, shown.user_id, answer.next)

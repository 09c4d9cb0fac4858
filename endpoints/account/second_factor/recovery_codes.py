"""Recovery codes: shown once, to print or write down, and good from when you say that you have."""

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from authentication import factor_changes, recovery_codes
from authentication.access import registering, requires
from endpoints import _fields
from endpoints._depends import CurrentActor, CurrentPasswords, CurrentUser
from endpoints._faces import Done
from errors import Conflict

router = APIRouter()


class Codes(BaseModel):
    """They work once `draft` is sent back; every visit shows others."""

    codes: tuple[str, ...]
    draft: str


class Kept(_fields.Request):
    draft: str = Field(max_length=2000)


@router.get("/")
@requires(registering, recent=True)
async def show(user: CurrentUser) -> Codes:
    """Ten new codes; those you have go on working until you keep these."""
    fresh = recovery_codes.make(user.id)
    return Codes(codes=fresh.codes, draft=fresh.draft)


@router.post("/", status_code=204, response_class=Response)
@requires(registering, recent=True)
async def keep(user: CurrentUser, actor: CurrentActor, passwords: CurrentPasswords, kept: Kept) -> Done:
    """They replace those you had, and your other sessions end. 409 without a factor, or when they are too old."""
    hashes = await recovery_codes.hashes_of(passwords, user.id, kept.draft)
    if hashes is None:
        raise Conflict("These codes were shown too long ago. Keep the new ones below instead.")
    await factor_changes.renew_recovery_codes(actor, user.id, hashes)
    return Done("/account/second_factor/")

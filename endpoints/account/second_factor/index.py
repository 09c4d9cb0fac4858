"""What you prove besides your password when you sign in, and where you change it."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel

from authentication import passkeys, second_factor
from authentication.access import registering, requires
from endpoints._depends import CurrentSession

router = APIRouter()


class Passkey(BaseModel):
    id: UUID
    name: str
    created_date: datetime
    last_used: datetime | None


class SecondFactor(BaseModel):
    """`required` is by your role; `missing` when you have to set one up before you can do anything else."""

    app: bool
    passkeys: list[Passkey]
    recovery_codes_left: int
    required: bool
    missing: bool


@router.get("/")
@requires(registering)
async def overview(session: CurrentSession) -> SecondFactor:
    """What is set up."""
    has = await second_factor.held(session.user.id)
    return SecondFactor(
        app=has.app,
        passkeys=[Passkey.model_validate(one) for one in await passkeys.listed(session.user.id)],
        recovery_codes_left=has.recovery_codes,
        required=session.user.needs_second_factor,
        missing=session.lacks_factor,
    )

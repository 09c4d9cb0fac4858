"""What you prove besides your password when you sign in, and where you change it."""

from fastapi import APIRouter
from pydantic import BaseModel

from authentication import second_factor
from authentication.access import registering, requires
from endpoints._depends import CurrentSession

router = APIRouter()


class SecondFactor(BaseModel):
    """`required` is by your role; `missing` when you have to set one up before you can do anything else."""

    app: bool
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
        recovery_codes_left=has.recovery_codes,
        required=session.user.needs_second_factor,
        missing=session.lacks_factor,
    )

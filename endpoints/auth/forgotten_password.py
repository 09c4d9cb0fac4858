"""Sends who forgot their password a link by which they choose another one."""

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field, field_validator

from authentication import password_changes
from authentication.access import public, requires
from authentication.throttles import Guess
from endpoints import _fields
from endpoints._depends import CurrentGuesser, CurrentPolicy
from endpoints._faces import Done
from models.users.accounts import normal_address

router = APIRouter()


class Forgotten(_fields.Request):
    """Whatever is no account's address or username is answered like one that is."""

    email_address: str = Field(
        examples=["a.nurse@example.org"], description="Or the username", json_schema_extra={"pattern": r"\S"}
    )

    @field_validator("email_address")
    @classmethod
    def given(cls, name: str) -> str:
        """Only a box that was left empty is told from others, as nobody has it."""
        if not name.strip():
            raise ValueError("Enter your email address or username")
        return name


class Lifetime(BaseModel):
    """How long the link will work."""

    minutes: int


@router.get("/")
@requires(public)
async def form() -> Lifetime:
    """The page that asks for the address."""
    return Lifetime(minutes=int(password_changes.RESET_LIFETIME.total_seconds() // 60))


@router.post("/", status_code=204, response_class=Response)
@requires(public)
async def forgotten(request: Request, policy: CurrentPolicy, guesser: CurrentGuesser, given: Forgotten) -> Done:
    """Send a letter to the account of this address or username, if there is one; the answer is always the same."""
    await guesser.count(Guess.MAIL, normal_address(given.email_address))
    await password_changes.send_reset(policy.tokens, given.email_address, request.scope["request_id"])
    return Done("/auth/check_email/")

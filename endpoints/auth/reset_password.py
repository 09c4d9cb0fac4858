"""Chooses a new password by the link of a letter, as who forgot theirs or was given an account."""

from fastapi import APIRouter, Request, Response
from pydantic import SecretStr

from authentication import password_changes, single_use
from authentication.access import public, requires
from endpoints import _fields
from endpoints._depends import CurrentPasswords, CurrentPolicy
from endpoints._faces import Done
from endpoints._passwords import PasswordLimits
from models.enumerations import Purpose

router = APIRouter()


class Choice(PasswordLimits):
    """`works` says whether the link still does."""

    works: bool
    token: str


class NewPassword(_fields.Request):
    token: str
    password: SecretStr


@router.get("/")
@requires(public)
async def form(policy: CurrentPolicy, token: str = "") -> Choice:
    """The page that a letter leads to; it changes nothing, as mail programs open links by themselves."""
    issued = await single_use.look(policy.tokens, token, Purpose.RESET_PASSWORD)
    return Choice(works=issued is not None, token=token if issued else "")


@router.post("/", status_code=204, response_class=Response)
@requires(public)
async def reset(request: Request, policy: CurrentPolicy, passwords: CurrentPasswords, chosen: NewPassword) -> Done:
    """Set the password; every session of the account ends, and its owner signs in with the new one."""
    password = chosen.password.get_secret_value()
    await password_changes.reset(passwords, policy.tokens, chosen.token, password, request.scope["request_id"])
    return Done("/auth/login/?after=reset_password")

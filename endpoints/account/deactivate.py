"""Closes your account: nobody signs in with it any more, and nothing that you did is deleted."""

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, SecretStr

from authentication import cookies, deactivation
from authentication.access import proving, requires
from endpoints import _fields
from endpoints._depends import CurrentActor, CurrentUser
from endpoints._faces import Done
from endpoints._passwords import CurrentOwner, wrong
from errors import InvalidCredentials
from models.projects import ownership

router = APIRouter()


class Hindrance(BaseModel):
    """Projects that would be left without an active owner, by name; the account stays while there are any."""

    only_owner_of: list[str]


class Farewell(_fields.Request):
    password: SecretStr


@router.get("/")
@requires(proving)
async def form(user: CurrentUser) -> Hindrance:
    """The page that says what happens and asks for your password."""
    return Hindrance(only_owner_of=await ownership.left_alone(user.id))


@router.post("/", status_code=204, response_class=Response)
@requires(proving)
async def deactivate(
    request: Request, response: Response, actor: CurrentActor, owner: CurrentOwner, given: Farewell
) -> Done:
    """Close it and end all its sessions; 409 for the last administrator, and for the only owner of a project."""
    account = await owner.account(given.password, "password")
    try:
        await deactivation.leave(actor, account)
    except InvalidCredentials:  # the password was changed at this moment, by another request
        raise wrong("password") from None
    cookies.take_back(response, request.scope)
    return Done("/auth/login/?after=deactivation")

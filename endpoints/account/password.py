"""Changes your password; every other session of yours ends, as it may be somebody else's."""

from fastapi import APIRouter, Request, Response
from pydantic import SecretStr

from authentication import cookies, password_changes
from authentication.access import proving, requires
from endpoints import _fields
from endpoints._depends import CurrentActor, CurrentPolicy, CurrentSession
from endpoints._faces import Done
from endpoints._passwords import CurrentOwner, PasswordLimits, wrong
from errors import FieldProblem, Invalid, InvalidCredentials

router = APIRouter()

SAME = "Enter a password that is different from the current one"


class NewPassword(_fields.Request):
    """OWASP ASVS 5.0, 6.2.3."""

    current_password: SecretStr
    new_password: SecretStr


@router.get("/")
@requires(proving)
async def form() -> PasswordLimits:
    """The page that asks for the current password and a new one."""
    return PasswordLimits()


@router.post("/", status_code=204, response_class=Response)
@requires(proving)
async def change(  # noqa: PLR0913 - one for each thing that FastAPI gives
    request: Request,
    response: Response,
    actor: CurrentActor,
    session: CurrentSession,
    policy: CurrentPolicy,
    owner: CurrentOwner,
    given: NewPassword,
) -> Done:
    """Change it; this session goes on with a new secret, and you are told by a letter."""
    password = given.new_password.get_secret_value()
    user = await owner.account(given.current_password, "current_password")
    if given.new_password == given.current_password:
        raise Invalid(problems=[FieldProblem("new_password", SAME)])
    try:
        cookie = await password_changes.change(owner.passwords, policy, actor, session, user, password)
    except InvalidCredentials:  # it was changed at this moment, by another request
        raise wrong("current_password") from None
    cookies.give(response, request.scope, cookie)
    return Done("/account/?after=password")

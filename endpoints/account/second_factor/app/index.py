"""Sets up an authenticator app: a seed to scan, and a code that shows that it was."""

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from authentication import cookies, factor_changes, sign_in, totp
from authentication.access import registering, requires
from endpoints import _fields
from endpoints._depends import CurrentActor, CurrentPolicy, CurrentSession, CurrentSettings, CurrentUser
from endpoints._faces import Done
from endpoints._proof import Code, with_factor
from errors import FieldProblem, Invalid
from models.enumerations import Factors
from models.storage.database import database

router = APIRouter()


class Setup(BaseModel):
    """`draft` is sent back with the first code; nothing is stored before that."""

    key: str
    uri: str
    draft: str


class Confirmation(_fields.Request):
    draft: str = Field(max_length=2000)
    code: Code


@router.get("/")
@requires(registering, recent=True)
async def begin(request: Request, user: CurrentUser, settings: CurrentSettings) -> Setup:
    """A new seed; the same one again when its code was mistyped."""
    refused = request.scope.get("form")
    setup = totp.begin(user.id, str(refused.values.get("draft", "")) if refused else "")
    return Setup(key=setup.key, uri=setup.uri(settings.SERVICE_NAME, user.email_address), draft=setup.draft)


@router.post("/", status_code=204, response_class=Response)
@requires(registering, recent=True)
async def confirm(  # noqa: PLR0913 - each is a dependency
    request: Request,
    response: Response,
    session: CurrentSession,
    actor: CurrentActor,
    policy: CurrentPolicy,
    given: Confirmation,
) -> Done:
    """Store the seed in place of any other; your other sessions end, and this one has proved the factor."""
    key = totp.key_of(session.user.id, given.draft)
    step = totp.step_of(key, given.code) if key else None
    if key is None or step is None:
        raise Invalid(problems=[FieldProblem("code", WRONG if key else LATE)])
    async with database.transaction():
        await factor_changes.add_app(actor, session.user.id, key, step)
        cookie = await sign_in.renew(policy, actor, with_factor(session, Factors.PASSWORD_TOTP))
    cookies.give(response, request.scope, cookie)
    return Done("/account/second_factor/")


WRONG = "Enter the code that the app shows now. If it is always refused, check that your device shows the right time"
LATE = "This page was open for too long. Scan the new picture, then enter the code that the app shows"

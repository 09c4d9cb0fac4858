"""Adds a passkey of the device that is at hand, or of a phone or key that it finds."""

from typing import Any

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from authentication import cookies, factor_changes, passkeys, sign_in
from authentication.access import registering, requires
from endpoints import _fields
from endpoints._depends import CurrentActor, CurrentCeremonies, CurrentPolicy, CurrentSession
from endpoints._devices import device_words
from endpoints._faces import Done
from endpoints._fields import RequiredLine
from endpoints._proof import Passkey, with_factor
from errors import Conflict, FieldProblem, Invalid
from models.enumerations import Factors
from models.storage.database import database

router = APIRouter()


class Question(BaseModel):
    """`passkey` is for `navigator.credentials.create`; null where this service has no name to make it for."""

    name: str
    passkey: dict[str, Any] | None


class Answer(_fields.Request):
    name: RequiredLine
    passkey: Passkey = Field(description="What `navigator.credentials.create` gave, as JSON text")


def binding(session: CurrentSession) -> str:
    return f"add passkey {session.id}"


@router.get("/")
@requires(registering, recent=True)
async def form(request: Request, session: CurrentSession, ceremonies: CurrentCeremonies) -> Question:
    """The page that asks the device to make one, and how the person will know it again."""
    about, user = ceremonies(binding(session)), session.user
    options = await passkeys.to_create(about, user.id, user.email_address) if about else None
    return Question(name=device_words(request.headers.get("user-agent", "")), passkey=options)


@router.post("/", status_code=204, response_class=Response)
@requires(registering, recent=True)
async def create(  # noqa: PLR0913 - each is a dependency
    request: Request,
    response: Response,
    session: CurrentSession,
    actor: CurrentActor,
    ceremonies: CurrentCeremonies,
    policy: CurrentPolicy,
    answer: Answer,
) -> Done:
    """Keep it; your other sessions end, and this one has proved the factor."""
    about = ceremonies(binding(session))
    if about is None:
        raise Conflict("Passkeys do not work where this service is reached by a number and not by a name.")
    passkey = passkeys.made(about, answer.passkey)
    if passkey is None:
        raise Invalid(problems=[FieldProblem("passkey", "The passkey could not be checked. Add it again")])
    async with database.transaction():
        await factor_changes.add_passkey(actor, session.user.id, passkey, answer.name)
        cookie = await sign_in.renew(policy, actor, with_factor(session, Factors.PASSWORD_PASSKEY))
    cookies.give(response, request.scope, cookie)
    return Done("/account/second_factor/")

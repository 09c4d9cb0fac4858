"""Asks who is signed in to prove it once more, before something that a borrowed session must not do."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, SecretStr

from authentication import cookies, sign_in
from authentication.access import registering, requires
from authentication.credentials import check_again
from endpoints import _fields
from endpoints._depends import CurrentActor, CurrentGuesser, CurrentPasswords, CurrentPolicy, CurrentSession
from endpoints._faces import Done
from endpoints._links import PROJECTS, LocalPath
from models import audit
from models.audit import Change
from models.database import database

router = APIRouter()


class Wanted(BaseModel):
    """Where to go on to."""

    next: LocalPath = PROJECTS


class Confirmation(_fields.Request):
    password: SecretStr
    next: LocalPath = PROJECTS


@router.get("/")
@requires(registering)
async def form(wanted: Annotated[Wanted, Query()]) -> Wanted:
    """The page that asks for it."""
    return wanted


@router.post("/", status_code=204, response_class=Response)
@requires(registering)
async def confirm(  # noqa: PLR0913 - each is a dependency
    request: Request,
    response: Response,
    session: CurrentSession,
    actor: CurrentActor,
    passwords: CurrentPasswords,
    guesser: CurrentGuesser,
    policy: CurrentPolicy,
    given: Confirmation,
) -> Done:
    """Prove again who you are: for 5 minutes sensitive acts are allowed, and the session has a new secret."""
    await check_again(passwords, guesser, session.user.id, given.password.get_secret_value())
    async with database.transaction():
        cookie = await sign_in.renew(policy, actor, session.factors)
        await audit.append(actor, Change("session:confirm", "session", session.id))
    cookies.give(response, request.scope, cookie)
    return Done(given.next)

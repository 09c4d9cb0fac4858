"""Asks who is signed in to prove it once more, before something that a borrowed session must not do."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, SecretStr

from authentication import cookies, second_factor, sign_in
from authentication.access import registering, requires
from authentication.credentials import check_again
from endpoints import _proof
from endpoints._depends import (
    CurrentActor,
    CurrentGuesser,
    CurrentPasswords,
    CurrentPolicy,
    CurrentSession,
    CurrentUser,
)
from endpoints._faces import Done
from endpoints._links import PROJECTS, LocalPath
from errors import WrongProof
from models import audit
from models.audit import Change
from models.database import database

router = APIRouter()


class Wanted(BaseModel):
    """Where to go on to."""

    next: LocalPath = PROJECTS


class Question(Wanted):
    """What has to be proved: the password, and one of these where there is any."""

    app: bool
    recovery_codes: bool


class Confirmation(_proof.Proof):
    password: SecretStr
    next: LocalPath = PROJECTS


@router.get("/")
@requires(registering)
async def form(user: CurrentUser, wanted: Annotated[Wanted, Query()]) -> Question:
    """The page that asks for it."""
    has = await second_factor.held(user.id)
    return Question(next=wanted.next, app=has.app, recovery_codes=has.any and has.recovery_codes > 0)


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
    needed = (await second_factor.held(session.user.id)).any
    proof = await second_factor.check(passwords, guesser, session.user.id, given.given) if needed else None
    async with database.transaction():
        if proof and not await proof.spend():
            raise WrongProof
        cookie = await sign_in.renew(policy, actor, proof.factors if proof else session.factors)
        await audit.append(actor, Change("session:confirm", "session", session.id))
    cookies.give(response, request.scope, cookie)
    return Done(given.next)

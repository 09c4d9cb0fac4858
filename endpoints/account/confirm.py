"""Asks who is signed in to prove it once more, before something that a borrowed session must not do."""

from typing import Annotated, Any, Self

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, SecretStr, model_validator

from authentication import cookies, passkeys, second_factor, sign_in
from authentication.access import registering, requires
from authentication.credentials import check_again
from endpoints import _proof
from endpoints._depends import (
    CurrentActor,
    CurrentCeremonies,
    CurrentGuesser,
    CurrentPasswords,
    CurrentPolicy,
    CurrentSession,
)
from endpoints._faces import Done
from endpoints._links import PROJECTS, LocalPath
from errors import WrongProof
from models.audit import audit
from models.audit.audit import Change
from models.storage.database import database

router = APIRouter()


class Wanted(BaseModel):
    """Where to go on to."""

    next: LocalPath = PROJECTS


class Question(Wanted):
    """What has to be proved: the password, and one of these where there is any."""

    app: bool
    recovery_codes: bool
    passkey: dict[str, Any] | None


class Confirmation(_proof.Proof):
    """A passkey is two factors in one, so it needs no password beside it."""

    password: SecretStr = SecretStr("")
    next: LocalPath = PROJECTS

    @model_validator(mode="after")
    def something(self) -> Self:
        if not self.passkey and not self.password.get_secret_value():
            message = "Enter your password"
            raise ValueError(message)
        return self


@router.get("/")
@requires(registering)
async def form(session: CurrentSession, ceremonies: CurrentCeremonies, wanted: Annotated[Wanted, Query()]) -> Question:
    """The page that asks for it."""
    has = await second_factor.held(session.user.id)
    passkey = await passkeys.to_get(ceremonies(binding(session)), session.user.id)
    codes = has.any and has.recovery_codes > 0
    return Question(next=wanted.next, app=has.app, recovery_codes=codes, passkey=passkey)


def binding(session: CurrentSession) -> str:
    return f"confirm {session.id}"


@router.post("/", status_code=204, response_class=Response)
@requires(registering)
async def confirm(  # noqa: PLR0913 - each is a dependency
    request: Request,
    response: Response,
    session: CurrentSession,
    actor: CurrentActor,
    passwords: CurrentPasswords,
    guesser: CurrentGuesser,
    ceremonies: CurrentCeremonies,
    policy: CurrentPolicy,
    given: Confirmation,
) -> Done:
    """Prove again who you are: for 5 minutes sensitive acts are allowed, and the session has a new secret."""
    user_id, about = session.user.id, ceremonies(binding(session))
    if not given.passkey:
        await check_again(passwords, guesser, user_id, given.password.get_secret_value())
    needed = given.passkey or (await second_factor.held(user_id)).any
    proof = await second_factor.check(passwords, guesser, about, user_id, given.given) if needed else None
    async with database.transaction():
        if proof and not await proof.spend():
            raise WrongProof
        cookie = await sign_in.renew(
            policy, actor, _proof.with_factor(session, proof.factors) if proof else session.factors
        )
        await audit.append(actor, Change("session:confirm", "session", session.id))
    cookies.give(response, request.scope, cookie)
    return Done(given.next)

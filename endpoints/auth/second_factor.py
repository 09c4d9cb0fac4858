"""The second step of signing in: who knew the password proves that they also have what they set up."""

from contextlib import suppress
from typing import Annotated, Any, Self

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, model_validator

from authentication import cookies, passkeys, second_factor, single_use
from authentication.access import public, requires
from authentication.second_factor import NOTHING, Proof
from authentication.second_steps import MOST_TRIES
from authentication.single_use import SingleUse
from endpoints import _proof
from endpoints._depends import CurrentCeremonies, CurrentGuesser, CurrentPasswords, CurrentPolicy
from endpoints._links import PROJECTS, LocalPath
from endpoints.auth._begin import SignedIn, begin, signed_in
from errors import NotSignedIn, WrongProof
from models.enumerations import Purpose
from models.storage.database import database

router = APIRouter()

PENDING = Purpose.SECOND_FACTOR
TOO_LATE = "Sign in with your password again: it was more than 10 minutes ago, or there were too many tries."


class Wanted(BaseModel):
    next: LocalPath = PROJECTS


class SecondStep(Wanted):
    """What the person can prove; `waiting` is false when no password was given before."""

    waiting: bool
    app: bool
    recovery_codes: bool
    passkey: dict[str, Any] | None


class Given(_proof.Proof):
    """A browser has `second_factor` in its cookie."""

    second_factor: str = ""
    next: LocalPath = PROJECTS

    @model_validator(mode="after")
    def something(self) -> Self:
        if self.given == NOTHING:
            message = "Enter a code"
            raise ValueError(message)
        return self


@router.get("/")
@requires(public)
async def form(
    request: Request, policy: CurrentPolicy, ceremonies: CurrentCeremonies, wanted: Annotated[Wanted, Query()]
) -> SecondStep:
    """The page that asks for it."""
    waiting = await waiting_for(policy, cookies.pending(request.scope) or "")
    if waiting is None or waiting.user_id is None:
        return SecondStep(next=wanted.next, waiting=False, app=False, recovery_codes=False, passkey=None)
    has = await second_factor.held(waiting.user_id)
    passkey = await passkeys.to_get(ceremonies(binding(waiting)), waiting.user_id)
    return SecondStep(
        next=wanted.next, waiting=True, app=has.app, recovery_codes=has.recovery_codes > 0, passkey=passkey
    )


def binding(waiting: SingleUse) -> str:
    return f"second step {waiting.id}"


@router.post("/")
@requires(public)
async def second_step(  # noqa: PLR0913 - one for each thing that FastAPI gives
    request: Request,
    response: Response,
    given: Given,
    passwords: CurrentPasswords,
    guesser: CurrentGuesser,
    ceremonies: CurrentCeremonies,
    policy: CurrentPolicy,
) -> SignedIn:
    """Prove it and be signed in; 5 wrong tries and the password has to be given again."""
    secret = given.second_factor or cookies.pending(request.scope) or ""
    waiting = await waiting_for(policy, secret)
    if waiting is None or waiting.user_id is None:
        raise NotSignedIn(TOO_LATE)
    proof = None
    with suppress(WrongProof):  # nobody learns that it is wrong before the try is counted
        proof = await second_factor.check(
            passwords, guesser, ceremonies(binding(waiting)), waiting.user_id, given.given
        )
    async with database.transaction():
        if await single_use.attempt(policy.tokens, secret, PENDING, MOST_TRIES) is None:
            raise NotSignedIn(TOO_LATE)
        # A wrong try stays counted, so the transaction ends before the error is raised.
        cookie = await finished(request, policy, secret, waiting, proof)
    if cookie is None:
        raise WrongProof
    return await signed_in(request, response, cookie, waiting.user_id, given.next)


async def finished(
    request: Request, policy: CurrentPolicy, secret: str, waiting: SingleUse, proof: Proof | None
) -> str | None:
    """The cookie of the session that a right proof opens, with the account as it was at the first step."""
    if proof is None or not await proof.spend() or await single_use.spend(policy.tokens, secret, PENDING) is None:
        return None
    return await begin(request, policy, proof.user_id, waiting.auth_epoch, proof.factors)


async def waiting_for(policy: CurrentPolicy, secret: str) -> SingleUse | None:
    found = await single_use.look(policy.tokens, secret, PENDING)
    return found if found and found.attempts < MOST_TRIES else None

"""Signs a person in: a right password makes a new session, or leads to the second step of who has a second factor."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field, SecretStr
from pydantic.json_schema import SkipJsonSchema

from authentication import cookies, second_factor
from authentication.access import public, requires
from authentication.credentials import check
from authentication.second_steps import wait
from endpoints import _drafts, _fields
from endpoints._depends import CurrentGuesser, CurrentPasswords, CurrentPolicy
from endpoints._links import PROJECTS, LocalPath
from endpoints.auth._begin import SECOND_STEP, SignedIn, begin, pending_path, signed_in
from models.audit.audit import Actor
from models.enumerations import Factors
from models.users.users import User

router = APIRouter()


class Credentials(_fields.Request):
    """Whatever is not an account's address and password is wrong like any other: only the size of a body is limited."""

    email_address: str = Field(examples=["a.nurse@example.org"])
    password: SecretStr
    next: LocalPath = PROJECTS
    draft: str = Field("", description="What the page to sign in on keeps of a form whose session had ended")


class SignIn(BaseModel):
    """Where a person wanted to go before they were asked to sign in."""

    next: str
    draft: SkipJsonSchema[str] = Field(exclude=True)


class Waiting(BaseModel):
    """Nobody is signed in yet: `POST /auth/second_factor/` within 10 minutes with `second_factor` and a code."""

    code: str = "SECOND_FACTOR_NEEDED"
    second_factor: str = Field(description="Also in a cookie, so browsers need not send it")
    url: SkipJsonSchema[str] = Field(exclude=True)


@router.get("/")
@requires(public)
async def form(next_: Annotated[LocalPath, Query(alias="next")] = PROJECTS) -> SignIn:
    """The page to sign in on."""
    return SignIn(next=next_, draft="")


@router.post("/", responses={202: {"model": Waiting, "description": "The password is right; a second step follows"}})
@requires(public)
async def login(  # noqa: PLR0913 - one for each thing that FastAPI gives
    request: Request,
    response: Response,
    credentials: Credentials,
    passwords: CurrentPasswords,
    guesser: CurrentGuesser,
    policy: CurrentPolicy,
) -> SignedIn | Waiting:
    """Sign in; every wrong combination gets the same answer after the same work."""
    user = await check(passwords, guesser, credentials.email_address, credentials.password.get_secret_value())
    if credentials.draft:
        await _drafts.take_in(user.id, credentials.draft, request.scope["request_id"])
    if (await second_factor.held(user.id)).any:
        return await two_steps(request, response, policy, user, credentials.next)
    cookie = await begin(request, policy, user.id, user.auth_epoch, Factors.PASSWORD)
    return await signed_in(request, response, cookie, user.id, credentials.next)


async def two_steps(request: Request, response: Response, policy: CurrentPolicy, user: User, wanted: str) -> Waiting:
    pending = await wait(policy.tokens, Actor(user.id, None, request.scope["request_id"]), user.id)
    cookies.give_pending(response, request.scope, pending, pending_path(request))
    response.status_code = 202
    return Waiting(second_factor=pending, url=f"{SECOND_STEP}?{urlencode({'next': wanted})}")

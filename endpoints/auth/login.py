"""Signs a person in: a right password makes a new session and gives its cookie to the browser."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field, SecretStr
from pydantic.json_schema import SkipJsonSchema

from authentication import cookies, revocation, sessions, sign_in
from authentication.access import public, requires
from authentication.credentials import check
from authentication.sign_in import Client
from endpoints import _fields
from endpoints._account import Identity
from endpoints._depends import CurrentGuesser, CurrentPasswords, CurrentPolicy
from endpoints._links import PROJECTS, LocalPath
from models import audit
from models.audit import Change
from models.database import database

router = APIRouter()


class Credentials(_fields.Request):
    """Whatever is not an account's address and password is wrong like any other: only the size of a body is limited."""

    email_address: str = Field(examples=["a.nurse@example.org"])
    password: SecretStr
    next: LocalPath = PROJECTS


class SignIn(BaseModel):
    """Where a person wanted to go before they were asked to sign in."""

    next: str


class SignedIn(Identity):
    """`url`, where to go now, is for the redirect of a browser only."""

    url: SkipJsonSchema[str] = Field(exclude=True)


@router.get("/")
@requires(public)
async def form(next_: Annotated[LocalPath, Query(alias="next")] = PROJECTS) -> SignIn:
    """The page to sign in on."""
    return SignIn(next=next_)


@router.post("/")
@requires(public)
async def login(  # noqa: PLR0913 - one for each thing that FastAPI gives
    request: Request,
    response: Response,
    credentials: Credentials,
    passwords: CurrentPasswords,
    guesser: CurrentGuesser,
    policy: CurrentPolicy,
) -> SignedIn:
    """Sign in; every wrong combination gets the same answer after the same work."""
    user = await check(passwords, guesser, credentials.email_address, credentials.password.get_secret_value())
    async with database.transaction():
        actor, cookie = await sign_in.start(policy, user.id, user.auth_epoch, client_of(request))
        if before := request.scope["session"]:  # OWASP ASVS 5.0, 7.2.4
            await revocation.revoke(actor, [sessions.SESSIONS.c.id == before.id], "signed in again")
        await audit.append(actor, Change("session:start", "session", actor.session_id))
    cookies.give(response, request.scope, cookie)
    return SignedIn(**dict(Identity.model_validate(user)), url=credentials.next)


def client_of(request: Request) -> Client:
    address = request.client.host if request.client else ""
    return Client(request.headers.get("user-agent", ""), address, request.scope["request_id"])

"""Signs a person in: a right password makes a new session and gives its cookie to the browser."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field, SecretStr, StringConstraints
from pydantic.json_schema import SkipJsonSchema

from authentication import cookies, sessions
from authentication.access import public, requires
from endpoints import _fields
from endpoints._account import Identity
from endpoints._depends import CurrentPasswords, CurrentPolicy
from errors import InvalidCredentials
from models import accounts, audit
from models.audit import Change
from models.database import database

router = APIRouter()

LOCAL_PATH = r"^/($|[^/\\\x00-\x1f\x7f][^\\\x00-\x1f\x7f]*$)"
"""A path of ours: `//host` and `/\\host` would lead a browser to another site (OWASP ASVS 5.0, 3.7.2)."""
LocalPath = Annotated[str, StringConstraints(max_length=2000, pattern=LOCAL_PATH)]


class Credentials(_fields.Request):
    email_address: Annotated[str, StringConstraints(max_length=1000)] = Field(examples=["a.nurse@example.org"])
    password: SecretStr = Field(max_length=1000)
    next: LocalPath = "/projects/"


class SignIn(BaseModel):
    """Where a person wanted to go before they were asked to sign in."""

    next: str


class SignedIn(Identity):
    """`url`, where to go now, is for the redirect of a browser only."""

    url: SkipJsonSchema[str] = Field(exclude=True)


@router.get("/")
@requires(public)
async def form(next_: Annotated[str, Query(alias="next", max_length=2000)] = "/projects/") -> SignIn:
    """The page to sign in on; a `next` that leads elsewhere is left out."""
    return SignIn(next=next_)


@router.post("/")
@requires(public)
async def login(
    request: Request, response: Response, credentials: Credentials, passwords: CurrentPasswords, policy: CurrentPolicy
) -> SignedIn:
    """Sign in; every wrong combination gets the same answer after the same work."""
    password = credentials.password.get_secret_value()
    user = await accounts.by_email_address(credentials.email_address)
    right = await passwords.verify(user.password_hash if user else None, password)
    if user is None or not right or not user.is_active:
        raise InvalidCredentials
    renewed = await passwords.hash(password) if passwords.outdated(user.password_hash) else None
    client = request.client.host if request.client else ""
    device = request.headers.get("user-agent", "")
    async with database.transaction():
        if renewed:
            await accounts.renew_hash(user, renewed)
        actor, cookie = await sessions.start(policy, user.id, user.auth_epoch, device=device, address=client)
        await audit.append(actor, Change("session:start", "session", actor.session_id))
    cookies.give(response, request.scope, cookie)
    return SignedIn(**dict(Identity.model_validate(user)), url=credentials.next)

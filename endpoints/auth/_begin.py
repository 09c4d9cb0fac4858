"""Where a sign-in ends, by whichever way it came: a session begins, and the browser gets its cookie."""

from uuid import UUID

from fastapi import Request, Response
from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from authentication import cookies, revocation, sessions, sign_in
from authentication.sessions import SessionPolicy
from authentication.sign_in import Client
from endpoints._account import Identity
from models.audit import audit
from models.audit.audit import Change
from models.enumerations import Factors
from models.storage.database import database
from models.users.users import User

SECOND_STEP = "/auth/second_factor/"


class SignedIn(Identity):
    """`url`, where to go now, is for the redirect of a browser only."""

    url: SkipJsonSchema[str] = Field(exclude=True)


async def begin(request: Request, policy: SessionPolicy, user_id: UUID, auth_epoch: int, factors: Factors) -> str:
    """Open a session, in one transaction or the caller's; the value of its cookie."""
    async with database.transaction():
        actor, cookie = await sign_in.start(policy, user_id, auth_epoch, client_of(request), factors)
        if before := request.scope["session"]:  # OWASP ASVS 5.0, 7.2.4
            await revocation.revoke(actor, [sessions.SESSIONS.c.id == before.id], "signed in again")
        await audit.append(actor, Change("session:start", "session", actor.session_id, after={"factors": factors}))
    return cookie


async def signed_in(request: Request, response: Response, cookie: str, user_id: UUID, url: str) -> SignedIn:
    """The answer to somebody whose session has begun."""
    cookies.give(response, request.scope, cookie)
    cookies.take_back_pending(response, request.scope, pending_path(request))
    return SignedIn(**dict(Identity.model_validate(await User.objects.get(id=user_id))), url=url)


def pending_path(request: Request) -> str:
    """The one path that the cookie of a sign-in that waits for its second step is sent to."""
    path: str = request.app.state.site.link(SECOND_STEP)
    return path


def client_of(request: Request) -> Client:
    address = request.client.host if request.client else ""
    return Client(request.headers.get("user-agent", ""), address, request.scope["request_id"])

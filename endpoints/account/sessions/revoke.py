"""Ends many of your own sessions at once: all others, or all (OWASP ASVS 5.0, 7.4.3 and 7.5.2)."""

from typing import Self

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field, model_validator
from pydantic.json_schema import SkipJsonSchema

from authentication import cookies, revocation, sessions
from authentication.access import requires, signed_in
from authentication.sessions import SESSIONS
from endpoints import _fields
from endpoints._depends import CurrentActor, CurrentPolicy, CurrentSession

router = APIRouter()


class Confirmation(BaseModel):
    """How many sessions there are beside this one, those of programs among them."""

    others: int


class Revocation(_fields.Request):
    """Exactly one of `others` and `all`."""

    others: bool = False
    all: bool = False

    @model_validator(mode="after")
    def one_of_both(self) -> Self:
        if self.others == self.all:
            message = "Choose all other sessions or all sessions"
            raise ValueError(message)
        return self


class Revoked(BaseModel):
    """`url`, where to go now, is for the redirect of a browser only."""

    revoked: int = Field(description="Sessions that are ended now")
    url: SkipJsonSchema[str] = Field(exclude=True)


@router.get("/")
@requires(signed_in, recent=True)
async def confirm(session: CurrentSession, policy: CurrentPolicy) -> Confirmation:
    """The page that asks which."""
    others = [SESSIONS.c.user_id == session.user.id, SESSIONS.c.id != session.id]
    _, live = await sessions.page_of_live(policy, others, 1, 1)
    return Confirmation(others=live)


@router.post("/")
@requires(signed_in, recent=True)
async def revoke(request: Request, response: Response, actor: CurrentActor, order: Revocation) -> Revoked:
    """End them; API tokens are sessions too. After all of them you are signed out."""
    mine = [SESSIONS.c.user_id == actor.user_id]
    if order.others:
        count = await revocation.revoke(actor, [*mine, SESSIONS.c.id != actor.session_id], "all others, by their owner")
        return Revoked(revoked=count, url="/account/sessions/")
    count = await revocation.revoke(actor, mine, "all, by their owner")
    cookies.take_back(response, request.scope)
    return Revoked(revoked=count, url="/auth/login/")

"""Ends sessions of others at once: one, all of a person, or everyone's."""

from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field, model_validator
from pydantic.json_schema import SkipJsonSchema

from authentication import revocation, sessions
from authentication.access import administrator, requires
from endpoints import _fields
from endpoints._depends import CurrentActor, CurrentPolicy, CurrentSession
from endpoints._drafts import keeps_draft
from endpoints._fields import EmailAddress, RequiredText
from endpoints._session import OwnedSession

router = APIRouter()


class Target(BaseModel):
    """Whom a link on the page of sessions asks to end."""

    session_id: UUID | None = None
    email_address: EmailAddress | None = None


class Confirmation(Target):
    """What would end: how many sessions, the one last used, and whether the caller's own is among them."""

    live: int
    last_used: OwnedSession | None
    includes_you: bool


class Revocation(_fields.Request):
    """Exactly one of `session_id`, `email_address` and `everyone`."""

    session_id: UUID | None = None
    email_address: EmailAddress | None = None
    everyone: bool = False
    reason: RequiredText

    @model_validator(mode="after")
    def one_target(self) -> Self:
        if [self.session_id is not None, bool(self.email_address), self.everyone].count(True) != 1:
            message = "Choose one session, one email address or everyone"
            raise ValueError(message)
        return self


class Revoked(BaseModel):
    """`url`, the list of sessions, is for the redirect of a browser only."""

    revoked: int = Field(description="Sessions that are ended now")
    url: SkipJsonSchema[str] = Field(exclude=True)


@router.get("/")
@requires(administrator, recent=True)
@keeps_draft
async def confirm(session: CurrentSession, policy: CurrentPolicy, target: Annotated[Target, Query()]) -> Confirmation:
    """The page that asks for the reason; without a target it is about everyone."""
    found, live = await sessions.page_of_live(policy, which(target), 1, 1)
    shown = [OwnedSession.model_validate({**row, "current": row["id"] == session.id}) for row in found]
    mine = {"session_id": session.id, "email_address": session.user.email_address}
    return Confirmation(
        **dict(target),
        live=live,
        last_used=shown[0] if shown else None,
        includes_you=all(value in (None, mine[name]) for name, value in target),
    )


@router.post("/")
@requires(administrator, recent=True)
async def revoke(actor: CurrentActor, order: Revocation) -> Revoked:
    """End sessions; they are refused from their next request on, on every node."""
    count = await revocation.revoke(actor, which(order), order.reason)
    return Revoked(revoked=count, url="/ops/sessions/")


def which(target: Target | Revocation) -> list[sessions.Condition]:
    table = sessions.SESSIONS.c
    if target.session_id:
        return [table.id == target.session_id]
    if target.email_address:
        return [sessions.of_email_address(target.email_address)]
    return []

"""Ends sessions of others at once: one, all of a person, or everyone's."""

from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field, model_validator
from pydantic.json_schema import SkipJsonSchema

from authentication import sessions
from authentication.access import administrator, requires
from endpoints import _fields
from endpoints._depends import CurrentActor
from endpoints._fields import EmailAddress, RequiredText

router = APIRouter()


class Target(BaseModel):
    """Whom a link on the page of sessions asks to end."""

    session_id: UUID | None = None
    email_address: EmailAddress | None = None


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
@requires(administrator)
async def confirm(target: Annotated[Target, Query()]) -> Target:
    """The page that asks for the reason."""
    return target


@router.post("/")
@requires(administrator)
async def revoke(actor: CurrentActor, revocation: Revocation) -> Revoked:
    """End sessions; they are refused from their next request on, on every node."""
    count = await sessions.revoke(actor, which(revocation), revocation.reason)
    return Revoked(revoked=count, url="/ops/sessions/")


def which(revocation: Revocation) -> list[sessions.Condition]:
    table = sessions.SESSIONS.c
    if revocation.session_id:
        return [table.id == revocation.session_id]
    if revocation.email_address:
        return [sessions.of_email_address(revocation.email_address)]
    return []

"""Who is shown your name and your email address."""

from typing import Literal

from fastapi import APIRouter, Response
from pydantic import BaseModel

from authentication.access import requires, signed_in
from endpoints import _fields
from endpoints._depends import CurrentActor, CurrentUser
from endpoints._faces import Done
from models.enumerations import Audience
from models.users import profiles

router = APIRouter()

# The record of a project has to say to its members who did what, so a name is always shown to them.
NameAudience = Literal[Audience.MEMBERS, Audience.SIGNED_IN, Audience.EVERYONE]
EmailAudience = Literal[Audience.NOBODY, Audience.MEMBERS, Audience.SIGNED_IN]


class PrivacyEdit(_fields.Request):
    """Fields that are left out stay as they are."""

    name_shown_to: NameAudience = Audience.SIGNED_IN
    email_shown_to: EmailAudience = Audience.MEMBERS


class Privacy(BaseModel):
    name_shown_to: Audience
    email_shown_to: Audience


@router.get("/")
@requires(signed_in)
async def form(user: CurrentUser) -> Privacy:
    """What you chose."""
    return Privacy.model_validate(await profiles.find(user.id))


@router.post("/", status_code=204, response_class=Response)
@requires(signed_in)
async def edit(user: CurrentUser, actor: CurrentActor, change: PrivacyEdit) -> Done:
    """It counts from the next request of anybody on."""
    await profiles.change(actor, "user:privacy", user.id, change.model_dump(exclude_unset=True))
    return Done("/account/?after=privacy")

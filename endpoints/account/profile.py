"""Who you are to those you work with: name, profession, registration with a professional body, training."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import AfterValidator, BaseModel, Field, StringConstraints

from authentication.access import requires, signed_in
from endpoints import _fields
from endpoints._depends import CurrentActor, CurrentUser
from endpoints._drafts import keeps_draft
from endpoints._faces import Done
from endpoints._fields import Day, Line, PersonName, Text
from models.users import accounts, profiles

router = APIRouter()


def username(text: str) -> str | None:
    """None for an empty box; ValueError for what no username is."""
    if text and not accounts.USERNAME.fullmatch(text):
        raise ValueError(
            "Username must have 3 to 64 letters a to z, numbers, full stops, hyphens and underscores, "
            "and begin and end with a letter or number"
        )
    return text or None


Username = Annotated[str, StringConstraints(strip_whitespace=True, to_lower=True), AfterValidator(username)]


class ProfileEdit(_fields.Request):
    """Fields that are left out stay as they are."""

    first_name: PersonName = Field("", validate_default=False)
    last_name: PersonName = Field("", validate_default=False)
    username: Username | None = Field(None, description="Another name to sign in with, in lower case")
    profession: Line = ""
    registration_body: Line = ""
    registration_number: Line = ""
    registration_valid_until: Day | None = None
    training: Text = ""


class Profile(BaseModel):
    first_name: str
    last_name: str
    username: str | None
    profession: str
    registration_body: str
    registration_number: str
    registration_valid_until: date | None
    training: str


class OwnProfile(Profile):
    """`bodies` are those to choose from; another may be written."""

    is_cso: bool
    bodies: tuple[str, ...] = profiles.BODIES


@router.get("/")
@requires(signed_in)
@keeps_draft
async def form(user: CurrentUser) -> OwnProfile:
    """What you said about yourself, to be changed."""
    return OwnProfile(**await profiles.find(user.id), is_cso=user.is_cso)


@router.post("/", status_code=204, response_class=Response)
@requires(signed_in)
async def edit(user: CurrentUser, actor: CurrentActor, change: ProfileEdit) -> Done:
    """Who is a Clinical Safety Officer is decided by administrators, so it is no field here."""
    await profiles.change(actor, "user:profile", user.id, change.model_dump(exclude_unset=True))
    return Done("/account/?after=profile")

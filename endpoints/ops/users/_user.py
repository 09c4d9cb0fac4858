"""How an account is shown to administrators, who see everybody."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from endpoints import _fields
from endpoints._fields import RequiredText
from endpoints._links import Url
from models.users import directory, profiles


class ListedUser(BaseModel):
    id: UUID
    first_name: str
    last_name: str
    email_address: str
    username: str | None
    profession: str
    is_verified: bool
    is_active: bool
    is_administrator: bool
    is_cso: bool
    created_date: datetime
    url: Url


class User(ListedUser):
    """`is_registered` says whether a professional registration is written down and has not run out."""

    registration_body: str
    registration_number: str
    registration_valid_until: date | None
    is_registered: bool
    training: str
    needs_second_factor: bool


class Because(_fields.Request):
    """What an administrator does to an account says why."""

    reason: RequiredText


def with_url(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "url": f"/ops/users/{row['id']}/"}


async def find(user_id: UUID) -> User:
    """NotFound for nobody."""
    row = await directory.find(user_id)
    return User.model_validate({**with_url(row), "is_registered": profiles.is_current(row)})

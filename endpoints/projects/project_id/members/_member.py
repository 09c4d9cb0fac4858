"""How a member of a project is shown."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel

from endpoints._links import Url
from models.enumerations import Role


class Member(BaseModel):
    """`email_address` is null where they do not show it to who asks."""

    id: UUID
    user_id: UUID
    first_name: str
    last_name: str
    email_address: str | None
    is_cso: bool
    role: Role
    created_date: datetime


class ChangedMember(Member):
    url: Url

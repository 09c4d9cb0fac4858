"""How a member of a project is shown."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, Field, computed_field

from endpoints._links import Url
from models.enumerations import Role


class Member(BaseModel):
    """`email_address` is null where they do not show it to who asks, `picture` where there is none."""

    id: UUID
    user_id: UUID
    first_name: str
    last_name: str
    email_address: str | None
    is_cso: bool
    has_picture: bool = Field(exclude=True)
    role: Role
    is_executive: bool
    created_date: datetime

    @computed_field  # type: ignore[prop-decorator]  # as Pydantic documents it
    @property
    def picture(self) -> Url | None:
        return f"/users/{self.user_id}/picture/" if self.has_picture else None


class ChangedMember(Member):
    url: Url

"""How a project is shown."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, computed_field

from endpoints import _fields
from endpoints._fields import RequiredText
from endpoints._links import Url
from models.enumerations import Role, Standard, Visibility


class Project(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    name: str
    description: str
    standard: Standard
    visibility: Visibility
    matrix_version: str
    role: Role | None
    archived_date: datetime | None
    version: int
    created_date: datetime
    updated_date: datetime

    @computed_field  # type: ignore[prop-decorator]  # as Pydantic documents it
    @property
    def url(self) -> Url:
        return f"/projects/{self.id}/"


class Because(_fields.Request):
    """What is decided about a project as a whole says why."""

    reason: RequiredText

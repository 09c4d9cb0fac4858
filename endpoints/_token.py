"""How an API token is shown: what it is for and what it may do, never the token itself."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, BeforeValidator

from models.enumerations import TokenScope

Scopes = Annotated[list[TokenScope], BeforeValidator(lambda text: text.split() if isinstance(text, str) else text)]


class Token(BaseModel):
    id: UUID
    label: str
    scopes: Scopes
    created_date: datetime
    last_seen: datetime
    absolute_expiry: datetime


class NewToken(BaseModel):
    """The one time that `token` is shown; it is sent as `Authorization: Bearer`."""

    id: UUID
    label: str
    scopes: list[TokenScope]
    absolute_expiry: datetime
    token: str

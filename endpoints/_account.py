"""How an account is shown to its owner."""

from uuid import UUID

from pydantic import BaseModel, ConfigDict


class Identity(BaseModel):
    """What signing in answers."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    first_name: str
    last_name: str
    email_address: str
    is_verified: bool
    is_cso: bool


class Account(Identity):
    is_administrator: bool

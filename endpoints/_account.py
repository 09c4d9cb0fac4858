"""How an account is shown to its owner."""

from uuid import UUID

from pydantic import BaseModel, ConfigDict


class Account(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    first_name: str
    last_name: str
    email_address: str
    is_verified: bool
    is_cso: bool
    is_administrator: bool

"""How a session is shown: enough to recognise a device, nothing that could be used in its place."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel

from models.enumerations import SessionKind


class Session(BaseModel):
    id: UUID
    kind: SessionKind
    label: str
    created_date: datetime
    last_seen: datetime
    absolute_expiry: datetime
    device: str
    address: str
    current: bool


class OwnedSession(Session):
    """For operators, who see whose session it is."""

    email_address: str
    first_name: str
    last_name: str

"""Secrets that work once: in a link of a message, or between two steps of signing in."""

import datetime as dt
import uuid
from typing import Any

import ormar
import sqlalchemy as sa

from models.enumerations import Purpose
from models.storage.columns import JSONB, EnumText, UTCDateTime, foreign_key, primary_key
from models.storage.database import table
from models.storage.dates import DateFieldsMixins
from models.users.users import User


class SingleUseToken(DateFieldsMixins, ormar.Model):
    """Only the keyed hash of the secret is stored; `used_at` is written by the one statement that spends it.

    An invitation has no user yet. `data` is what the second step has to know of the first; never a secret.
    """

    ormar_config = table(
        "single_use_tokens",
        sa.CheckConstraint("length(token_hash) = 32", name="token_hash_length"),
    )

    id: uuid.UUID = primary_key()
    token_hash: bytes = ormar.LargeBinary(max_length=32, unique=True, represent_as_base64_str=False)
    purpose: Purpose = EnumText(Purpose)
    user: User | None = foreign_key(User, "user_id", nullable=True)
    email_address: str | None = ormar.String(max_length=254, nullable=True)
    auth_epoch: int = ormar.Integer(default=0, sql_nullable=False)
    attempts: int = ormar.Integer(default=0, sql_nullable=False)
    data: dict[str, Any] | None = JSONB(nullable=True)
    expires_at: dt.datetime = UTCDateTime(index=True)
    used_at: dt.datetime | None = UTCDateTime(nullable=True)

    def __repr__(self) -> str:
        """Ormar's shows every field, and this may reach a log."""
        return f"{type(self).__name__}({self.pk})"

    __str__ = __repr__

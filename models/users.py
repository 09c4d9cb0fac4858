"""The people who sign in."""

import uuid

import ormar
import sqlalchemy as sa

from models.columns import primary_key
from models.database import table
from models.dates import DateFieldsMixins


class User(DateFieldsMixins, ormar.Model):
    """Raising `auth_epoch` ends every session of the user at once: a session remembers the one it began in."""

    ormar_config = table(
        "users",
        sa.CheckConstraint("email_address = lower(email_address)", name="email_address_lower_case"),
    )

    id: uuid.UUID = primary_key()
    email_address: str = ormar.String(max_length=254, unique=True)
    first_name: str = ormar.String(max_length=150)
    last_name: str = ormar.String(max_length=150)
    password_hash: str = ormar.String(max_length=255)
    is_verified: bool = ormar.Boolean(default=False, sql_nullable=False)
    is_active: bool = ormar.Boolean(default=True, sql_nullable=False)
    is_administrator: bool = ormar.Boolean(default=False, sql_nullable=False)
    is_cso: bool = ormar.Boolean(default=False, sql_nullable=False)
    auth_epoch: int = ormar.Integer(default=0, sql_nullable=False)

    def __repr__(self) -> str:
        """Ormar's shows every field, and this may reach a log."""
        return f"{type(self).__name__}({self.pk})"

    __str__ = __repr__

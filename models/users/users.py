"""The people who sign in."""

import datetime as dt
import uuid

import ormar
import sqlalchemy as sa

from models.enumerations import Audience, NoticesByMail
from models.storage.columns import EnumText, NativeUUID, primary_key
from models.storage.database import table
from models.storage.dates import DateFieldsMixins


class User(DateFieldsMixins, ormar.Model):
    """Raising `auth_epoch` ends every session of the user at once: a session remembers the one it began in."""

    ormar_config = table(
        "users",
        sa.CheckConstraint("email_address = lower(email_address)", name="email_address_lower_case"),
        sa.CheckConstraint("username = lower(username)", name="username_lower_case"),
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
    username: str | None = ormar.String(max_length=64, unique=True, nullable=True)
    needs_second_factor: bool = ormar.Boolean(default=False, sql_nullable=False)
    name_shown_to: Audience = EnumText(Audience, check="name_shown_to", default=Audience.SIGNED_IN)
    email_shown_to: Audience = EnumText(Audience, check="email_shown_to", default=Audience.MEMBERS)
    profession: str = ormar.String(max_length=300, default="", sql_nullable=False)
    registration_body: str = ormar.String(max_length=300, default="", sql_nullable=False)
    registration_number: str = ormar.String(max_length=300, default="", sql_nullable=False)
    registration_valid_until: dt.date | None = ormar.Date(nullable=True)
    training: str = ormar.Text(default="", sql_nullable=False)
    notices_by_mail: NoticesByMail = EnumText(NoticesByMail, default=NoticesByMail.AT_ONCE)

    def __repr__(self) -> str:
        """Ormar's shows every field, and this may reach a log."""
        return f"{type(self).__name__}({self.pk})"

    __str__ = __repr__


class UserPicture(DateFieldsMixins, ormar.Model):
    """A JPEG that we made of what was uploaded, apart from the user so that no other read carries it."""

    ormar_config = table(
        "user_pictures",
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], ondelete="RESTRICT"),
        sa.CheckConstraint("length(sha256) = 64", name="sha256_length"),
    )

    user_id: uuid.UUID = NativeUUID(primary_key=True)
    content: bytes = ormar.LargeBinary(max_length=1_000_000, represent_as_base64_str=False)
    sha256: str = ormar.String(max_length=64)

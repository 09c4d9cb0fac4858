"""Who is signed in, from where, until when; a revoked session stays as a record."""

import datetime as dt
import uuid

import ormar
import sqlalchemy as sa

from models.enumerations import Factors, SessionKind
from models.storage.columns import EnumText, NativeUUID, UTCDateTime, foreign_key, primary_key, utc_now
from models.storage.database import table
from models.storage.dates import DateFieldsMixins
from models.users.users import User


class Session(DateFieldsMixins, ormar.Model):
    """`id` may be shown; the secret in the cookie never is, and only its keyed hash is stored.

    `authenticated_at` is when the person last proved who they are. `label` and `scopes`, parted by spaces, are those
    of a token: what it is for, and what it may do.
    """

    ormar_config = table(
        "sessions",
        sa.CheckConstraint("length(token_hash) = 32", name="token_hash_length"),
        # The live sessions of one user: revoked_at is null.
        ormar.IndexColumns("user_id", "revoked_at", name="ix_sessions_user_id_revoked_at"),
    )

    id: uuid.UUID = primary_key()
    token_hash: bytes = ormar.LargeBinary(max_length=32, unique=True, represent_as_base64_str=False)
    user: User = foreign_key(User, "user_id", index=False)
    auth_epoch: int = ormar.Integer()
    kind: SessionKind = EnumText(SessionKind)
    device: str = ormar.Text(default="", sql_nullable=False)
    address: str = ormar.Text(default="", sql_nullable=False)
    label: str = ormar.Text(default="", sql_nullable=False)
    scopes: str = ormar.Text(default="", sql_nullable=False)
    factors: Factors = EnumText(Factors, default=Factors.PASSWORD)
    authenticated_at: dt.datetime = UTCDateTime(default=utc_now)
    absolute_expiry: dt.datetime = UTCDateTime()
    revoked_at: dt.datetime | None = UTCDateTime(nullable=True)
    revoked_by: User | None = foreign_key(User, "revoked_by_id", nullable=True)
    revoked_reason: str | None = ormar.Text(nullable=True)

    def __repr__(self) -> str:
        """Ormar's shows every field, and this may reach a log."""
        return f"{type(self).__name__}({self.pk})"

    __str__ = __repr__


class SessionActivity(ormar.Model):
    """Apart from the session: a write there would wait for the share locks that every audited write takes on it.

    Its one date is `last_seen`, so it carries no others.
    """

    ormar_config = table(
        "session_activity",
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"], ondelete="RESTRICT"),
    )

    # Ormar has no reference that is also the primary key.
    session_id: uuid.UUID = NativeUUID(primary_key=True)
    last_seen: dt.datetime = UTCDateTime()

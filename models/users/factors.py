"""What people prove besides a password: codes of an authenticator app, passkeys, recovery codes."""

import datetime as dt
import uuid

import ormar
import sqlalchemy as sa

from models.enumerations import FactorRole
from models.storage.columns import EnumText, NativeUUID, UTCDateTime, foreign_key, primary_key
from models.storage.database import table
from models.storage.dates import DateFieldsMixins
from models.users.users import User


class TotpSecret(DateFieldsMixins, ormar.Model):
    """`sealed` opens with a key the database does not have; `last_step` lets no code count twice (RFC 6238, 5.2).

    It is stored once a code of it has shown that the app knows it.
    """

    ormar_config = table(
        "totp_secrets",
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], ondelete="RESTRICT"),
    )

    user_id: uuid.UUID = NativeUUID(primary_key=True)
    sealed: bytes = ormar.LargeBinary(max_length=1000, represent_as_base64_str=False)
    last_step: int = ormar.BigInteger(default=0, sql_nullable=False)


class Passkey(DateFieldsMixins, ormar.Model):
    """A public key; the private one never leaves the person's device (Web Authentication, level 3)."""

    ormar_config = table("passkeys")

    id: uuid.UUID = primary_key()
    user: User = foreign_key(User, "user_id")
    credential_id: bytes = ormar.LargeBinary(max_length=1023, unique=True, represent_as_base64_str=False)
    public_key: bytes = ormar.LargeBinary(max_length=2000, represent_as_base64_str=False)
    sign_count: int = ormar.BigInteger(default=0, sql_nullable=False)
    name: str = ormar.String(max_length=300)
    last_used: dt.datetime | None = UTCDateTime(nullable=True)


class RecoveryCode(DateFieldsMixins, ormar.Model):
    """Each works once, for the day on which the device is lost; stored as an Argon2id hash (ASVS 5.0, 6.5.2)."""

    ormar_config = table("recovery_codes")

    id: uuid.UUID = primary_key()
    user: User = foreign_key(User, "user_id")
    code_hash: str = ormar.String(max_length=255)
    used_at: dt.datetime | None = UTCDateTime(nullable=True)


class FactorRequirement(DateFieldsMixins, ormar.Model):
    """A role that may do nothing without a second factor; each user's `needs_second_factor` follows from these."""

    ormar_config = table("factor_requirements")

    role: FactorRole = EnumText(FactorRole, primary_key=True)

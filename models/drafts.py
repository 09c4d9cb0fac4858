"""What people had typed into a form and not sent when their session ended."""

import uuid

import ormar

from models.columns import foreign_key, primary_key
from models.database import table
from models.dates import DateFieldsMixins
from models.users import User


class Draft(DateFieldsMixins, ormar.Model):
    """One for each form, named by its path; `sealed` because an unsent form may hold anything."""

    ormar_config = table("drafts", ormar.UniqueColumns("user_id", "path"))

    id: uuid.UUID = primary_key()
    user: User = foreign_key(User, "user_id", index=False)
    path: str = ormar.String(max_length=500)
    sealed: bytes = ormar.LargeBinary(max_length=2_000_000, represent_as_base64_str=False)

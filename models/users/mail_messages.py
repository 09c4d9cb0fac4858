"""Messages that wait to be sent: stored with the change that causes them, so that neither goes without the other."""

import datetime as dt
import uuid

import ormar

from models.storage.columns import UTCDateTime, primary_key
from models.storage.database import table
from models.storage.dates import DateFieldsMixins


class MailMessage(DateFieldsMixins, ormar.Model):
    """`sealed` is the whole message under a key the database does not have, because links in it open accounts.

    It is emptied once the message is sent or given up. `next_attempt_at` is null from then on.
    """

    ormar_config = table("mail_messages")

    id: uuid.UUID = primary_key()
    template: str = ormar.String(max_length=100)
    sealed: bytes = ormar.LargeBinary(max_length=1_000_000, represent_as_base64_str=False)
    attempts: int = ormar.Integer(default=0, sql_nullable=False)
    next_attempt_at: dt.datetime | None = UTCDateTime(nullable=True, index=True)
    sent_at: dt.datetime | None = UTCDateTime(nullable=True)
    failed_at: dt.datetime | None = UTCDateTime(nullable=True)
    problem: str = ormar.Text(default="", sql_nullable=False)

    def __repr__(self) -> str:
        """Ormar's shows every field, and this may reach a log."""
        return f"{type(self).__name__}({self.pk})"

    __str__ = __repr__

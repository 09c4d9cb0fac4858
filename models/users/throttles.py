"""How often something was guessed wrongly, in the database so that all nodes count together."""

import datetime as dt

import ormar

from models.storage.columns import UTCDateTime
from models.storage.database import table
from models.storage.dates import DateFieldsMixins


class Throttle(DateFieldsMixins, ormar.Model):
    """`subject` says what is guessed and by a keyed hash whose: an account or an address, known or not."""

    ormar_config = table("throttles")

    subject: str = ormar.String(max_length=200, primary_key=True)
    failures: int = ormar.Integer(default=0, sql_nullable=False)
    last_failure: dt.datetime = UTCDateTime(index=True)
    blocked_until: dt.datetime | None = UTCDateTime(nullable=True)

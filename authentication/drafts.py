"""What a page shows once and gets back when the person has kept it: sealed, so that nothing is stored before that."""

import json
from datetime import datetime, timedelta
from uuid import UUID

from cryptography.fernet import InvalidToken

from models.storage.columns import utc_now
from models.storage.sealing import seal

LIFETIME = timedelta(minutes=15)


def draft(kind: str, user_id: UUID, content: str, lifetime: timedelta | None = None) -> str:
    """Text that only this service can read, for a hidden field of the page."""
    until = utc_now() + (lifetime or LIFETIME)
    return seal.close(json.dumps([kind, str(user_id), until.isoformat(), content]).encode()).decode()


def content_of(text: str, kind: str, user_id: UUID) -> str | None:
    """What was sealed for this person and purpose; None for every other text, and when it is too old."""
    try:
        found, owner, until, content = json.loads(seal.open(text.encode(errors="replace")))
    except InvalidToken:
        return None
    ours = (found, owner) == (kind, str(user_id)) and datetime.fromisoformat(until) > utc_now()
    return str(content) if ours else None

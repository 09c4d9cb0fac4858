"""The letters that the application under test has queued, as their readers would see them."""

import email
import re
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP

import sqlalchemy as sa

from mail.outbox import MESSAGES
from models.storage.database import database
from models.storage.sealing import seal

LINK = re.compile(r"https?://\S+")


@dataclass(frozen=True)
class Letter:
    """`links` are those of the text, the one to the home page in the footer aside."""

    template: str
    to: str
    subject: str
    text: str
    links: list[str]
    message: EmailMessage


def read(template: str, content: bytes) -> Letter:
    message = email.message_from_bytes(content, EmailMessage, policy=SMTP)
    text = message.get_content().replace("\r\n", "\n")
    links = LINK.findall(text.rpartition("\n--\n")[0])
    return Letter(template, message["To"], message["Subject"], text, links, message)


async def letters(to: str | None = None) -> list[Letter]:
    """Those that wait to be sent, the oldest first; only those to one address, where it is given."""
    waiting = sa.select(MESSAGES.c.template, MESSAGES.c.sealed).where(MESSAGES.c.next_attempt_at.is_not(None))
    async with database.connection() as connection:
        rows = (await connection.execute(waiting.order_by(MESSAGES.c.created_date, MESSAGES.c.id))).all()
    found = [read(template, seal.open(sealed)) for template, sealed in rows]
    return [letter for letter in found if to in {None, letter.to}]

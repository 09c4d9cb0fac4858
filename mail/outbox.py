"""The outbox: letters wait in the database, stored with their change, so that neither goes without the other."""

from collections.abc import Callable

import sqlalchemy as sa

from config import Settings
from mail.writing import Sender, sender_of, write
from models.storage.columns import new_id, utc_now
from models.storage.database import database
from models.storage.sealing import seal
from models.users.mail_messages import MailMessage

MESSAGES = MailMessage.ormar_config.table


class Outbox:
    """Bound to the settings when the application or a command starts."""

    def __init__(self) -> None:
        self._sender: Sender | None = None
        self.wake: Callable[[], object] | None = None
        """Set by the worker of this process while it runs; those of others look by themselves."""

    def configure(self, settings: Settings) -> None:
        self._sender = sender_of(settings)

    @property
    def sender(self) -> Sender:
        if self._sender is None:
            raise RuntimeError("no letter can be written before the outbox knows its settings")
        return self._sender

    async def ring(self) -> None:
        if self.wake is not None:
            self.wake()


outbox = Outbox()


def link(path: str, **query: str) -> str:
    """The address of a page of ours for a letter: by PUBLIC_URL, never by what a request says."""
    return outbox.sender.link(path, **query)


async def queue(template: str, to: str, **values: object) -> None:
    """Have the letter `mail/letters/<template>.txt` sent once the caller's transaction is committed.

    It is written and sealed now, because links in it open accounts. RuntimeError outside a transaction.
    """
    if database.get_transaction_connection() is None:
        raise RuntimeError("a letter must be queued inside the transaction of the change that it tells of")
    message = write(outbox.sender, template, to, values)
    async with database.connection() as connection:
        await connection.execute(
            sa.insert(MESSAGES).values(
                id=new_id(), template=template, sealed=seal.close(message.as_bytes()), next_attempt_at=utc_now()
            )
        )
    database.after_commit(outbox.ring)

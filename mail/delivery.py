"""Hands a letter to the mail server, or on a developer's machine to a file; says whether a failure is final."""

import asyncio
import logging
import re
import ssl
from collections.abc import Awaitable, Callable
from contextlib import suppress
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP as WIRE
from pathlib import Path

import aiosmtplib

from config import Settings
from models.storage.columns import new_id

Deliver = Callable[[bytes], Awaitable[None]]
log = logging.getLogger(__name__)

LINK = re.compile(r"https?://\S+")
QUIT_SECONDS = 5
# What the server refused, by the exception that says so. The words of the server may name people, so they are dropped.
STEPS = {
    aiosmtplib.SMTPConnectResponseError: "connection",
    aiosmtplib.SMTPHeloError: "greeting",
    aiosmtplib.SMTPAuthenticationError: "name and password",
    aiosmtplib.SMTPSenderRefused: "sender",
    aiosmtplib.SMTPRecipientRefused: "recipient",
    aiosmtplib.SMTPDataError: "content",
}
FINAL = (aiosmtplib.SMTPRecipientRefused, aiosmtplib.SMTPDataError)


class Undelivered(Exception):
    """Not taken; the text names no person and no content, so that it may be stored and logged."""


class Refused(Undelivered):
    """And never will be: the server refused this letter for good."""


def delivery_of(settings: Settings) -> Deliver:
    """The way that letters go by these settings."""
    if not settings.SMTP_HOST:
        folder = Path(settings.MAIL_FOLDER)
        return lambda content: file(folder, content)
    context = None if settings.SMTP_SECURITY == "none" else ssl.create_default_context()
    return lambda content: send(settings, context, content)


def parsed(content: bytes) -> EmailMessage:
    return message_from_bytes(content, EmailMessage, policy=WIRE)


async def send(settings: Settings, context: ssl.SSLContext | None, content: bytes) -> None:
    """Undelivered when the server did not take it in time. It may have, when its last answer is what was lost."""
    message = parsed(content)
    client = aiosmtplib.SMTP(
        hostname=settings.SMTP_HOST,
        port=settings.SMTP_PORT,
        username=settings.SMTP_USERNAME or None,
        password=settings.SMTP_PASSWORD,
        timeout=settings.SMTP_TIMEOUT_SECONDS,
        use_tls=settings.SMTP_SECURITY == "tls",
        start_tls=settings.SMTP_SECURITY == "starttls",
        tls_context=context,
    )
    try:
        async with asyncio.timeout(settings.SMTP_TIMEOUT_SECONDS):
            await client.connect()
            await client.sendmail(settings.MAIL_FROM, address_of(message), content)
    except (aiosmtplib.SMTPException, OSError) as error:  # TimeoutError is an OSError
        raise judged(error) from None
    else:
        await farewell(client)
    finally:
        client.close()


def address_of(message: EmailMessage) -> str:
    address: str = message["To"].addresses[0].addr_spec
    return address


async def farewell(client: aiosmtplib.SMTP) -> None:
    """What the server took stays taken, however this goes."""
    with suppress(aiosmtplib.SMTPException, OSError):
        await client.quit(timeout=QUIT_SECONDS)


def judged(error: Exception) -> Undelivered:
    """Final is only what the server says of this letter; what it says of us, an operator can mend meanwhile."""
    if isinstance(error, aiosmtplib.SMTPRecipientsRefused):
        error = error.recipients[0]
    if isinstance(error, aiosmtplib.SMTPResponseException):
        step = next((words for kind, words in STEPS.items() if isinstance(error, kind)), "command")
        final = isinstance(error, FINAL) and 500 <= error.code < 600  # noqa: PLR2004 - RFC 5321, 4.2.1
        return (Refused if final else Undelivered)(f"the mail server refused the {step} ({error.code})")
    cause = error.__cause__ if isinstance(error.__cause__, OSError) else error
    return Undelivered(f"the mail server cannot be used ({type(cause).__name__})")


async def file(folder: Path, content: bytes) -> None:
    """For development: whoever has the log can follow the link (config.py refuses that where others come in)."""
    message = parsed(content)
    path = folder / f"{new_id()}.eml"
    try:
        await asyncio.to_thread(write, path, content)
    except OSError as error:
        raise Undelivered(f"MAIL_FOLDER cannot be written ({type(error).__name__})") from None
    links = LINK.findall(message.get_content())
    log.info("No SMTP_HOST: the letter to %s is %s; it links to %s", address_of(message), path, " ".join(links))


def write(path: Path, content: bytes) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_bytes(content)

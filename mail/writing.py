"""Writes a letter: the words of its template, in a message whose headers nobody's name can break."""

import re
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid
from pathlib import Path
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from config import Settings
from models.storage.columns import utc_now
from models.users.accounts import is_address

LETTERS = Path(__file__).parent / "letters"
FOOTER = "_footer.txt"
HEADING = "Subject: "


@dataclass(frozen=True, slots=True)
class Sender:
    """What every letter of one installation shares."""

    service_name: str
    address: str
    home: str

    def link(self, path: str, **query: str) -> str:
        return f"{self.home}{path}" + (f"?{urlencode(query)}" if query else "")


def sender_of(settings: Settings) -> Sender:
    return Sender(settings.SERVICE_NAME, settings.MAIL_FROM, settings.public_url)


def one_line(value: object) -> object:
    """What people typed may neither begin a header of its own nor look like a paragraph of ours."""
    return re.sub(r"[\s\x00-\x1f\x7f\u2028\u2029]+", " ", value) if isinstance(value, str) else value


environment = Environment(
    loader=FileSystemLoader(LETTERS),
    autoescape=False,  # noqa: S701 - plain text, in which < and & are what they look like
    undefined=StrictUndefined,
    finalize=one_line,
    trim_blocks=True,
    lstrip_blocks=True,
)


def write(sender: Sender, template: str, to: str, values: dict[str, object]) -> EmailMessage:
    """The letter of this template. ValueError for what is no address, or no template that begins with its subject."""
    if not is_address(to):
        raise ValueError("a letter goes to one normal address, and this is no address")
    words = {"service_name": sender.service_name, "home": sender.home, **values}
    heading, _, text = environment.get_template(f"{template}.txt").render(words).partition("\n\n")
    if not heading.startswith(HEADING) or "\n" in heading:
        raise ValueError(f"{template}.txt must begin with one line 'Subject: ...' and an empty one")
    message = EmailMessage(policy=SMTP)
    message["From"] = Address(sender.service_name, addr_spec=sender.address)
    message["To"] = Address(addr_spec=to)
    message["Subject"] = heading.removeprefix(HEADING)
    message["Date"] = format_datetime(utc_now())
    # The same if it should be sent twice, so that mail programs can tell.
    message["Message-ID"] = make_msgid(domain=sender.address.rpartition("@")[2])
    # RFC 3834, 5: no robot answers a robot.
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text.rstrip() + environment.get_template(FOOTER).render(words), cte="quoted-printable")
    return message

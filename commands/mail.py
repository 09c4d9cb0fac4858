"""Shows whether mail goes out, and sends a letter to try the settings, before people wait for one in vain."""

import argparse
import asyncio
from typing import Any

import sqlalchemy as sa

from commands import _database
from commands._terminal import add_format, said
from config import Settings
from errors import Invalid, TurvaError
from mail.delivery import Undelivered, delivery_of
from mail.outbox import MESSAGES
from mail.writing import sender_of, write
from models.storage.database import database
from models.users.accounts import is_address, normal_address

NAME = "mail"
HELP = "show what letters wait and what kept them, or send one to try the settings"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    counting = actions.add_parser("status", help="count letters that wait, were sent and were given up, with why")
    add_format(counting)
    trial = actions.add_parser("try", help="send a letter now, past the queue, and say what the mail server answered")
    trial.add_argument("--to", required=True, help="the address that it goes to")


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    told = status(arguments, settings) if arguments.action == "status" else send_trial(arguments.to, settings)
    print(asyncio.run(told))
    return 0


async def status(arguments: argparse.Namespace, settings: Settings) -> str:
    state = sa.case(
        (MESSAGES.c.sent_at.is_not(None), "sent"), (MESSAGES.c.failed_at.is_not(None), "given up"), else_="waiting"
    ).label("state")
    columns = (state, MESSAGES.c.template, MESSAGES.c.problem)
    counted = sa.select(*columns, sa.func.count().label("letters")).group_by(*columns).order_by(*columns)
    async with _database.connected(settings), database.connection() as connection:
        rows = [dict(row) for row in (await connection.execute(counted)).mappings()]
    return said(arguments, rows, "\n".join(map(in_words, rows)) or "There are no letters.")


def in_words(row: dict[str, Any]) -> str:
    why = f" ({row['problem']})" if row["problem"] else ""
    return f"{row['letters']} {row['state']}: {row['template']}{why}"


async def send_trial(to: str, settings: Settings) -> str:
    address = normal_address(to)
    if not is_address(address):
        raise Invalid("Enter an email address such as name@example.org. Nothing was sent.")
    try:
        await delivery_of(settings)(write(sender_of(settings), "trial", address, {}).as_bytes())
    except Undelivered as error:
        raise TurvaError(f"The letter was not sent: {error}.") from error
    return "The mail server took the letter." if settings.SMTP_HOST else f"The letter is in {settings.MAIL_FOLDER}."

"""Shows who is signed in and ends sessions, also when nobody can sign in to do it."""

import argparse
import asyncio
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from authentication import revocation, sessions
from commands import _database
from commands._terminal import add_format, harmless, said
from config import Settings
from errors import NotFound
from models.audit.audit import COMMAND_LINE
from models.users import accounts

NAME = "sessions"
HELP = "list the live sessions, or end some of them"
ALL = 2**31 - 1
HEADINGS = ("Session", "Email address", "Kind", "Signed in (UTC)", "Last seen (UTC)", "From", "Device")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    show = actions.add_parser("list", help="show the live sessions, the last used first")
    show.add_argument("--email-address", help="only those of this account")
    add_format(show)
    end = actions.add_parser("revoke", help="end sessions; they are refused from their next request on")
    target = end.add_mutually_exclusive_group(required=True)
    target.add_argument("--session-id", type=UUID, help="this one")
    target.add_argument("--email-address", help="all of this account")
    target.add_argument("--everyone", action="store_true", help="all there are")
    end.add_argument("--reason", type=reason, required=True, help="why; it is kept in the history")
    add_format(end)


def reason(text: str) -> str:
    if not text.strip():
        raise argparse.ArgumentTypeError("say why")
    return text.strip()


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    act = {"list": show, "revoke": revoke}[arguments.action]
    print(asyncio.run(act(arguments, settings)))
    return 0


async def show(arguments: argparse.Namespace, settings: Settings) -> str:
    async with _database.connected(settings):
        which = [await of_account(arguments.email_address)] if arguments.email_address else []
        found, _ = await sessions.page_of_live(sessions.policy_of(settings), which, 1, ALL)
    return said(arguments, found, table([HEADINGS, *(row(session) for session in found)]))


def row(session: dict[str, Any]) -> Sequence[str]:
    times = [f"{session[name]:%Y-%m-%d %H:%M}" for name in ("created_date", "last_seen")]
    return [
        str(session["id"]),
        session["email_address"],
        session["kind"],
        *times,
        session["address"],
        session["label"] or session["device"],
    ]


def table(rows: Sequence[Sequence[str]]) -> str:
    cells = [[harmless(cell) for cell in one] for one in rows]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(one, widths, strict=True)) for one in cells)
    return "\n".join(line.rstrip() for line in lines)


async def revoke(arguments: argparse.Namespace, settings: Settings) -> str:
    async with _database.connected(settings):
        count = await revocation.revoke(COMMAND_LINE, await which(arguments), arguments.reason)
    if arguments.session_id and not count:
        raise NotFound("There is no such session, or it has been revoked before. Nothing was changed.")
    return said(arguments, {"revoked": count}, f"{count} {'session' if count == 1 else 'sessions'} ended.")


async def which(arguments: argparse.Namespace) -> list[sessions.Condition]:
    if arguments.session_id:
        return [sessions.SESSIONS.c.id == arguments.session_id]
    return [] if arguments.everyone else [await of_account(arguments.email_address)]


async def of_account(address: str) -> sessions.Condition:
    """NotFound for an address without an account: in an emergency a slip of the finger must not pass for success."""
    user = await accounts.by_email_address(address)
    if user is None:
        raise NotFound("There is no account with this email address. Nothing was changed.")
    return sessions.SESSIONS.c.user_id == user.id

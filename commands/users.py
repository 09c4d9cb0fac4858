"""Shows who has an account, disables or enables one, and takes a lost second factor away, when no administrator can."""

import argparse
import asyncio
from typing import Any
from uuid import UUID

from authentication import factor_changes, standing
from commands import _database
from commands._terminal import add_format, said
from commands.sessions import ALL, reason, table
from config import Settings
from errors import NotFound
from models.audit.audit import COMMAND_LINE
from models.users import accounts, directory
from models.users.directory import PeopleFilter

NAME = "users"
HELP = "list the accounts, disable or enable one, or take a lost second factor away"
MEANINGS = {
    "disable": "end its sessions and let nobody sign in",
    "enable": "let its owner sign in",
    "remove-second-factor": "let its owner sign in with the password alone; make sure first that it is them who ask",
}
HEADINGS = ("Email address", "Name", "Roles", "State", "Created (UTC)")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    show = actions.add_parser("list", help="show the accounts, by name")
    show.add_argument("--search", default="", help="only those with these words in a name, address or profession")
    add_format(show)
    for name, meaning in MEANINGS.items():
        action = actions.add_parser(name, help=meaning)
        action.add_argument("--email-address", required=True, help="of the account")
        action.add_argument("--reason", type=reason, required=True, help="why; it is kept in the history")


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    print(asyncio.run((show if arguments.action == "list" else change)(arguments, settings)))
    return 0


async def show(arguments: argparse.Namespace, settings: Settings) -> str:
    async with _database.connected(settings):
        found, _ = await directory.page(PeopleFilter(search=arguments.search), 1, ALL)
    return said(arguments, found, table([HEADINGS, *(row(person) for person in found)]))


def row(person: dict[str, Any]) -> tuple[str, ...]:
    roles = {"administrator": person["is_administrator"], "CSO": person["is_cso"]}
    return (
        person["email_address"],
        f"{person['first_name']} {person['last_name']}",
        ", ".join(name for name, held in roles.items() if held),
        "disabled" if not person["is_active"] else "active" if person["is_verified"] else "not verified",
        f"{person['created_date']:%Y-%m-%d %H:%M}",
    )


async def change(arguments: argparse.Namespace, settings: Settings) -> str:
    active = arguments.action == "enable"
    async with _database.connected(settings):
        key = await account(arguments.email_address)
        if arguments.action == "remove-second-factor":
            await factor_changes.remove_all(COMMAND_LINE, key, arguments.reason)
            return "The second factor is removed, and the sessions of the account have ended."
        await standing.set_active(COMMAND_LINE, key, arguments.reason, active=active)
    return "The account is enabled." if active else "The account is disabled, and its sessions have ended."


async def account(address: str) -> UUID:
    user = await accounts.by_email_address(address)
    if user is None:
        raise NotFound("There is no account with this email address. Nothing was changed.")
    return user.id

"""Makes an account from the server's command line, as the first administrator can be invited by nobody."""

import argparse
import asyncio
import getpass
import os
import sys
from uuid import UUID

from authentication.password_rules import refuse_weak
from authentication.passwords import Passwords
from commands import _database
from commands._terminal import add_format, said
from config import Settings
from errors import Invalid, TurvaError
from models.audit.audit import COMMAND_LINE
from models.users import accounts

NAME = "create-user"
HELP = "make an account; its password comes from TURVA_PASSWORD, or is asked for"
LONGEST_NAME = 150


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--email-address", required=True, help="to sign in with; it counts as verified")
    parser.add_argument("--first-name", required=True, help="as others see it")
    parser.add_argument("--last-name", required=True, help="as others see it")
    parser.add_argument(
        "--administrator", action="store_true", help="may manage the accounts and end the sessions of everyone"
    )
    parser.add_argument("--cso", action="store_true", help="is a Clinical Safety Officer")
    add_format(parser)


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Prints the identifier of the account. An account is often the first thing in a new database, so it migrates."""
    names = [name_of(arguments.first_name, "first"), name_of(arguments.last_name, "last")]
    if not accounts.is_address(accounts.normal_address(arguments.email_address)):
        raise Invalid("Enter an email address such as name@example.org. Nothing was changed.")
    password = given_password()
    refuse_weak(password, [*names, arguments.email_address, settings.SERVICE_NAME])
    _database.migrate(settings)
    key = asyncio.run(create(arguments, names, password, settings))
    print(said(arguments, {"id": key}, str(key)))
    return 0


async def create(arguments: argparse.Namespace, names: list[str], password: str, settings: Settings) -> UUID:
    passwords = Passwords(settings)
    async with _database.connected(settings):
        return await accounts.create(
            COMMAND_LINE,
            email_address=arguments.email_address,
            password_hash=await passwords.hash(password),
            first_name=names[0],
            last_name=names[1],
            is_verified=True,
            is_administrator=arguments.administrator,
            is_cso=arguments.cso,
        )


def name_of(text: str, which: str) -> str:
    name = text.strip()
    if not name or not name.isprintable() or len(name) > LONGEST_NAME:
        raise Invalid(f"Enter a {which} name in one line of at most {LONGEST_NAME} characters. Nothing was changed.")
    return name


def given_password() -> str:
    """Never an argument, which other users of the machine can see, and never shown while it is typed."""
    if password := os.environ.get("TURVA_PASSWORD"):
        return in_utf8(password)
    if not sys.stdin.isatty():
        raise TurvaError("There is no terminal to ask for the password. Set TURVA_PASSWORD.")
    password = getpass.getpass("Password: ")
    if getpass.getpass("The same password again: ") != password:
        raise Invalid("The two passwords differ. Nothing was changed.")
    return password


def in_utf8(password: str) -> str:
    """Python keeps bytes of the environment that are no UTF-8 as lone surrogates; nobody could type them."""
    try:
        password.encode()
    except UnicodeEncodeError as error:
        raise Invalid("TURVA_PASSWORD must be UTF-8. Nothing was changed.") from error
    return password

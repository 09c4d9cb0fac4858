"""Loads a small fictional project with a history, so that a newcomer sees a living hazard log and no empty one."""

import argparse
import asyncio
import secrets
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

import sqlalchemy as sa

from authentication import revocation
from authentication.passwords import Passwords
from commands import _database, serve
from config import Settings
from errors import TurvaError
from exchange.demo import DemoProject, read_demo_project
from exchange.records import LoggedHazard
from models.audit import audit
from models.audit.audit import COMMAND_LINE, Actor, Change
from models.controls import control_edits, control_states
from models.enumerations import ControlStage, ControlState, HazardStatus, Party, Role, Stage
from models.hazards import hazard_additions, hazard_edits
from models.hazards.hazard_additions import NewHazard
from models.projects import importing, members, projects
from models.projects.projects import Project
from models.storage.database import database
from models.users import accounts
from models.users.users import User

NAME = "demo"
HELP = "load a small fictional project and say how to sign in to it; for development only"
DATA = Path(__file__).with_name("demo_project.json")
USERS = User.ormar_config.table
REFUSED = (
    "The demonstration makes accounts whose password it prints, one of them an administrator. Where real work is done "
    "they would be a way in for others. Add --development, or set TEST_ENVIRONMENT=true."
)


class Account(NamedTuple):
    """Nobody real: example.org is reserved for examples (RFC 2606)."""

    email_address: str
    last_name: str
    role: Role
    may: str


OWNER = Account("demo@example.org", "Owner", Role.OWNER, "owns the project and administers the service")
OFFICER = Account("officer@example.org", "Officer", Role.CSO, "is its Clinical Safety Officer")
REVIEWER = Account("reviewer@example.org", "Reviewer", Role.REVIEWER, "may read everything and change nothing")
ACCOUNTS = (OWNER, OFFICER, REVIEWER)


def add_arguments(_parser: argparse.ArgumentParser) -> None:
    """It takes none."""


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    if not (arguments.development or settings.TEST_ENVIRONMENT):
        raise TurvaError(REFUSED)
    _database.migrate(settings)
    print(asyncio.run(load(settings)))
    return 0


async def load(settings: Settings) -> str:
    """Make what is not there yet; what to tell the person at the keyboard."""
    demo, password = read_demo_project(DATA.read_bytes()), secrets.token_urlsafe(12)
    passwords = Passwords(settings)
    try:
        password_hash = await passwords.hash(password)
    finally:
        passwords.close()
    async with _database.connected(settings), database.transaction():
        people = {account: await enrolled(account, password_hash) for account in ACCOUNTS}
        there = await Project.objects.filter(name=demo.name, created_by=people[OWNER]).exists()
        if not there:
            await lived(demo, people)
    return told(demo, serve.address(settings), password, there=there)


def told(demo: DemoProject, address: str, password: str, *, there: bool) -> str:
    news = (
        "is there already and stays as it is" if there else f"is loaded: {len(demo.log.hazards)} hazards, all fictional"
    )
    width = max(len(account.email_address) for account in ACCOUNTS)
    return "\n".join(
        [
            f"{demo.name} {news}.",
            f"Sign in at {address}auth/login/ (make run serves it) with the password {password}",
            *(f"  {account.email_address:<{width}}  {account.may}" for account in ACCOUNTS),
            "The password is shown this once; run the command again for a new one.",
        ]
    )


async def enrolled(account: Account, password_hash: str) -> UUID:
    """The key of an account, which gets this password whether it is new or not."""
    user = await accounts.by_email_address(account.email_address)
    if user is not None:
        await renew(user, password_hash)
        return user.id
    return await accounts.create(
        COMMAND_LINE,
        email_address=account.email_address,
        password_hash=password_hash,
        first_name="Demo",
        last_name=account.last_name,
        is_verified=True,
        is_cso=account.role is Role.CSO,
        is_administrator=account.role is Role.OWNER,
    )


async def renew(user: User, password_hash: str) -> None:
    """Who could sign in with the password before is signed out."""
    async with database.transaction() as connection:
        await connection.execute(sa.update(USERS).where(USERS.c.id == user.id).values(password_hash=password_hash))
        await revocation.end_all(COMMAND_LINE, user.id, "demonstration made anew")
        await audit.append(COMMAND_LINE, Change("user:password", "user", user.id))


async def lived(demo: DemoProject, people: dict[Account, UUID]) -> None:
    """The project as if people had worked on it: recorded, completed, judged, decided, by those whose part it is."""
    owner, officer = (Actor(people[account], request_id="demonstration") for account in (OWNER, OFFICER))
    about = {name: getattr(demo, name) for name in ("name", "description", "standard", "visibility")}
    project_id = await projects.create(owner, people[OWNER], **about)
    for account in (OFFICER, REVIEWER):
        await members.add(owner, project_id, people[account], account.role)
    hazards = demo.log.hazards
    keys = await hazard_additions.create(owner, project_id, [first_seen(hazard) for hazard in hazards])
    for key, hazard in zip(keys, hazards, strict=True):
        completed = {"causes": list(hazard.causes), "owner": hazard.owner}
        await hazard_edits.edit(owner, project_id, key, 1, completed)
        if hazard.residual:
            await hazard_edits.assess(officer, project_id, key, Stage.RESIDUAL, importing.new_rating(hazard.residual))
        if hazard.status is not HazardStatus.OPEN:
            await see_to_controls(officer, project_id, key, hazard.status)
            await hazard_edits.set_status(officer, project_id, key, hazard.status, hazard.status_justification)


async def see_to_controls(officer: Actor, project_id: UUID, hazard_id: UUID, status: HazardStatus) -> None:
    """Actions are completed before a hazard is closed; of a transferred one the last is left to who deploys."""
    hazard = await hazard_edits.locked(project_id, hazard_id)
    additional = [control for control in hazard["controls"] if control["stage"] is ControlStage.ADDITIONAL]
    if status is HazardStatus.TRANSFERRED:
        await control_edits.edit(officer, project_id, additional.pop()["id"], 1, {"responsible": Party.DEPLOYER})
    for control in additional:
        await control_states.set_state(officer, project_id, control["id"], ControlState.IMPLEMENTED, "Released")
        if control["evidence"]:
            await control_states.set_state(officer, project_id, control["id"], ControlState.VERIFIED, "Shown to work")


def first_seen(hazard: LoggedHazard) -> NewHazard:
    """What was known of a hazard on its first day: one cause, nobody to see to it, no residual risk."""
    whole = importing.new_hazard(replace(hazard, causes=hazard.causes[:1], owner="", residual=None))
    return replace(whole, status=HazardStatus.OPEN, status_justification=None)

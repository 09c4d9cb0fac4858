"""Records to test with, made the shortest way."""

from typing import Any

from models import Hazard, Project, User
from models.audit import audit
from models.audit.audit import COMMAND_LINE, Change
from models.enumerations import Standard
from models.storage.database import database


async def make_user(email_address: str = "ada@example.org") -> User:
    return await User.objects.create(
        email_address=email_address, first_name="Ada", last_name="Example", password_hash="not a hash"
    )


async def make_project() -> Project:
    return await Project.objects.create(
        name="Ward tablets", standard=Standard.DCB0129, matrix_version="nhs-2018", created_by=await make_user()
    )


async def make_hazard() -> Hazard:
    return await Hazard.objects.create(project=await make_project(), number=1, name="Wrong patient")


async def record(*actions: str, **fields: Any) -> None:
    """One audit entry for each action, in a transaction of their own."""
    async with database.transaction():
        await audit.append(COMMAND_LINE, *(Change(action, "hazard", **fields) for action in actions))

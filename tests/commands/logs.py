"""A small hazard log for the commands that read one, with people in every role that they ask about."""

import asyncio
from collections.abc import Sequence
from uuid import UUID

from config import load_settings
from models.audit.audit import Actor
from models.enumerations import ControlStage, Likelihood, Role, Severity, Stage, Standard, Visibility
from models.hazards import hazard_additions
from models.hazards.hazard_additions import NewControl, NewHazard, NewRating
from models.projects import members, projects
from models.storage.opening import opened
from tests.authentication import stored

LOG = [
    NewHazard(
        name="A result is shown for the wrong patient",
        harm="The wrong drug",
        owner="Ada",
        causes=["Two patients of one name"],
        controls=[NewControl("The date of birth stands beside each name", ControlStage.EXISTING)],
        ratings={Stage.INITIAL: NewRating(Severity.MAJOR, Likelihood.LOW, "One patient", "Seen once")},
    ),
    NewHazard(name="A dose is late by a day or more"),
]


ADA, GRACE = "ada@example.org", "grace@example.org"


def begun(settings: dict[str, str], *people: str) -> str:
    """The key of a project that Ada, or the first of these people, owns and Grace, or the second, only views."""
    return str(asyncio.run(begin(settings, people or (ADA, GRACE))))


async def begin(settings: dict[str, str], people: Sequence[str]) -> UUID:
    async with opened(load_settings(settings)):
        owner, viewer = [await stored.add_person(address, "", is_verified=True) for address in people]
        about = {"standard": Standard.DCB0129, "visibility": Visibility.PRIVATE}
        actor = Actor(owner)
        key = await projects.create(actor, owner, name="Ward round", **about)
        await members.add(actor, key, viewer, Role.VIEWER)
        await hazard_additions.create(actor, key, LOG)
    return key

"""One change to many hazards of a log, by the functions that change one: the same rules, versions and entries.

All of them or none: when some are refused, nothing is stored and every reason is told by the reference of its hazard.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from errors import Conflict, FieldProblem, Invalid, NotFound
from models import hazard_edits, hazard_log, hazard_types, members
from models.audit import Actor
from models.database import database
from models.enumerations import HazardStatus
from models.hazard_additions import HAZARDS
from models.hazard_types import same

MOST = 500
"""Hazards in one change: so many take some seconds, in which others wait for them."""


class BulkAction(StrEnum):
    OWNER = "owner"
    TYPE_ADD = "type_add"
    TYPE_REMOVE = "type_remove"
    REVIEW_DATE = "review_date"
    CLOSE = "close"
    TRANSFER = "transfer"
    REOPEN = "reopen"


STATUSES = {
    BulkAction.CLOSE: HazardStatus.CLOSED,
    BulkAction.TRANSFER: HazardStatus.TRANSFERRED,
    BulkAction.REOPEN: HazardStatus.OPEN,
}
Hazard = Mapping[str, Any]


async def change(  # noqa: PLR0913 - whose act, on what, and what for
    actor: Actor, project_id: UUID, hazard_ids: Collection[UUID], action: BulkAction, value: str, justification: str
) -> list[UUID]:
    """Do it to each of them, in the order of their numbers; the keys of those that changed.

    `value` is the identifier of a member or `nobody`, a type, or a day as ISO 8601 writes it, empty for none. Invalid
    for another value, NotFound when the project has not all of these hazards, Conflict with the reasons when some are
    refused.
    """
    refused: list[FieldProblem] = []
    changed: list[UUID] = []
    async with database.transaction():
        wanted = await wanted_value(project_id, action, value)
        for hazard in await locked(project_id, hazard_ids):
            try:
                # Each is a savepoint of its own already, so what is refused leaves the others as they are.
                if await change_one(actor, hazard, action, wanted, justification):
                    changed.append(hazard["id"])
            except (Conflict, Invalid) as error:
                refused.append(FieldProblem("hazard_ids", why(hazard, error)))
        if refused:
            raise Conflict(
                f"{len(refused)} of {len(hazard_ids)} cannot be changed so. Nothing was changed.", problems=refused
            )
    return changed


def why(hazard: Hazard, error: Conflict | Invalid) -> str:
    reasons = [problem.message for problem in error.problems] or [error.detail]
    return f"{hazard['reference']}: {'; '.join(reasons).removeprefix(hazard['reference'] + ' ')}"


async def locked(project_id: UUID, hazard_ids: Collection[UUID]) -> Sequence[Hazard]:
    """The hazards in full by number, their rows locked in that order, so that two changes of many never deadlock."""
    lock = (
        sa.select(HAZARDS.c.id)
        .where(HAZARDS.c.project_id == project_id, HAZARDS.c.id.in_(hazard_ids))
        .order_by(HAZARDS.c.number)
        .with_for_update()
    )
    async with database.connection() as connection:
        keys = (await connection.execute(lock)).scalars().all()
    if len(keys) != len(set(hazard_ids)):
        raise NotFound
    return await hazard_log.in_full(keys)


async def change_one(actor: Actor, hazard: Hazard, action: BulkAction, wanted: Any, justification: str) -> bool:
    """False where it is so already; of a status that is told as a refusal, as it is for one hazard."""
    project_id, key = hazard["project_id"], hazard["id"]
    if action in STATUSES:
        await hazard_edits.set_status(actor, project_id, key, STATUSES[action], justification)
        return True
    fields = dict(fields_of(action, wanted, hazard))
    if all(hazard[name] == value for name, value in fields.items()):
        return False
    await hazard_edits.edit(actor, project_id, key, hazard["version"], fields, reason=justification)
    return True


def fields_of(action: BulkAction, wanted: Any, hazard: Hazard) -> Iterator[tuple[str, Any]]:
    if action is BulkAction.OWNER:
        yield "owner_id", wanted[0]
        yield "owner", wanted[1]
    elif action is BulkAction.REVIEW_DATE:
        yield "review_date", wanted
    elif action is BulkAction.TYPE_ADD:
        yield "types", hazard_log.in_order([*hazard["types"], wanted])
    else:
        yield "types", [name for name in hazard["types"] if same(name) != same(wanted)]


async def wanted_value(project_id: UUID, action: BulkAction, value: str) -> Any:
    """What is to be stored, or Invalid: a member's key and name, a day, or a type."""
    if action is BulkAction.OWNER:
        return await member(project_id, value)
    if action is BulkAction.REVIEW_DATE:
        return day(value)
    if action in {BulkAction.TYPE_ADD, BulkAction.TYPE_REMOVE} and not 0 < len(value) <= LONGEST_TYPE:
        raise unfit(f"Enter a type of 1 to {LONGEST_TYPE} characters")
    return await listed_type(project_id, value) if action is BulkAction.TYPE_ADD else value


LONGEST_TYPE = 200
NOBODY = "nobody"


def unfit(message: str) -> Invalid:
    return Invalid(problems=[FieldProblem("value", message)])


async def listed_type(project_id: UUID, value: str) -> str:
    """As the list of the project spells it."""
    try:
        return (await hazard_types.chosen(project_id, [value]))[0]
    except Invalid as error:
        raise unfit(error.problems[0].message) from None


def day(value: str) -> date | None:
    try:
        return date.fromisoformat(value) if value else None
    except ValueError:
        raise unfit("Enter a day such as 2027-03-31") from None


async def member(project_id: UUID, value: str) -> tuple[UUID | None, str]:
    """Who is to own the hazards, with the name that the log shows."""
    if value == NOBODY:
        return None, ""
    for one in await members.listed(project_id):
        if str(one["user_id"]) == value.lower():
            return one["user_id"], f"{one['first_name']} {one['last_name']}"
    raise unfit("Choose a member of this project, or nobody")

"""One change to many hazards of a log, by the rules that hold for one: each has its version and its entry.

All of them or none: when some are refused, nothing is stored and every reason is told by the reference of its hazard.
Each act takes as many statements for five hundred as for two, so the hazards are not locked for long.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from errors import Conflict, FieldProblem, HazardClosed, Invalid, NotFound
from models.audit import audit
from models.audit.audit import Actor
from models.comments import hazard_notices
from models.enumerations import HazardStatus, NoticeKind
from models.hazards import hazard_additions, hazard_edits, hazard_log, hazard_types
from models.hazards.hazard_additions import HAZARDS, TYPES, type_rows
from models.hazards.hazard_types import same
from models.projects import members
from models.storage.database import database

MOST = 500
"""Hazards in one change, and on one page of the log."""


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
TYPE_ACTIONS = frozenset({BulkAction.TYPE_ADD, BulkAction.TYPE_REMOVE})
Hazard = Mapping[str, Any]
Change = tuple[Hazard, Mapping[str, Any]]
"""A hazard as it is, and what becomes different of it."""


async def change(  # noqa: PLR0913 - whose act, on what, and what for
    actor: Actor, project_id: UUID, hazard_ids: Collection[UUID], action: BulkAction, value: str, justification: str
) -> list[UUID]:
    """Do it to each of them, in the order of their numbers; the keys of those that changed.

    `value` is the identifier of a member or `nobody`, a type, or a day as ISO 8601 writes it, empty for none. Invalid
    for another value, NotFound when the project has not all of these hazards, Conflict with the reasons when some are
    refused.
    """
    async with database.transaction():
        wanted = await wanted_value(project_id, action, value)
        hazards = await hazard_log.in_full(await lock(project_id, hazard_ids))
        if action in STATUSES:
            refuse(hazards, await hazard_edits.refusals(hazards, STATUSES[action]))
            await hazard_edits.turn(actor, hazards, STATUSES[action], justification)
            return [hazard["id"] for hazard in hazards]
        changes = [(hazard, after) for hazard in hazards if (after := difference(action, wanted, hazard))]
        closed = {hazard["id"]: HazardClosed() for hazard, _ in changes if hazard["status"] is HazardStatus.CLOSED}
        refuse(hazards, closed)
        await edit(actor, changes, action, wanted, justification)
    return [hazard["id"] for hazard, _ in changes]


def refuse(hazards: Sequence[Hazard], reasons: Mapping[UUID, Conflict]) -> None:
    if reasons:
        told = [FieldProblem("hazard_ids", why(one, reasons[one["id"]])) for one in hazards if one["id"] in reasons]
        raise Conflict(f"{len(told)} of {len(hazards)} cannot be changed so. Nothing was changed.", problems=told)


def why(hazard: Hazard, error: Conflict) -> str:
    reasons = [problem.message for problem in error.problems] or [error.detail]
    return f"{hazard['reference']}: {'; '.join(reasons).removeprefix(hazard['reference'] + ' ')}"


async def lock(project_id: UUID, hazard_ids: Collection[UUID]) -> Sequence[UUID]:
    """The hazards by number, their rows locked in that order, so that two changes of many never deadlock."""
    rows = (
        sa.select(HAZARDS.c.id)
        .where(HAZARDS.c.project_id == project_id, HAZARDS.c.id.in_(hazard_ids))
        .order_by(HAZARDS.c.number)
        .with_for_update()
    )
    async with database.connection() as connection:
        keys = (await connection.execute(rows)).scalars().all()
    if len(keys) != len(set(hazard_ids)):
        raise NotFound
    return keys


def difference(action: BulkAction, wanted: Any, hazard: Hazard) -> Mapping[str, Any]:
    """What it makes different of a hazard; nothing where it is so already."""
    return {name: value for name, value in fields_of(action, wanted, hazard) if hazard[name] != value}


async def edit(actor: Actor, changes: Sequence[Change], action: BulkAction, wanted: Any, justification: str) -> None:
    if not changes:
        return
    keys = [hazard["id"] for hazard, _ in changes]
    if action in TYPE_ACTIONS:
        await hazard_edits.bump_all(keys, {})
        await replace_types({hazard["id"]: after["types"] for hazard, after in changes})
    else:
        await hazard_edits.bump_all(keys, dict(fields_of(action, wanted, changes[0][0])))
    owners = {hazard["id"]: [after["owner_id"]] for hazard, after in changes if after.get("owner_id")}
    await hazard_notices.tell_each(NoticeKind.OWNER, owners, by=actor.user_id)
    entries = [
        hazard_edits.next_version(
            hazard, "hazard:edit", before={name: hazard[name] for name in after}, after=after, reason=justification
        )
        for hazard, after in changes
    ]
    await audit.append(actor, *entries)


async def replace_types(types: Mapping[UUID, Sequence[str]]) -> None:
    async with database.connection() as connection:
        await connection.execute(sa.delete(TYPES).where(TYPES.c.hazard_id.in_(list(types))))
    await hazard_additions.insert_all({TYPES: [row for key, names in types.items() for row in type_rows(key, names)]})


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
    if action in TYPE_ACTIONS and not 0 < len(value) <= LONGEST_TYPE:
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
        return datetime.strptime(value, "%Y-%m-%d").replace(tzinfo=UTC).date() if value else None
    except ValueError:
        raise unfit("Enter a day such as 2027-03-31") from None


async def member(project_id: UUID, value: str) -> tuple[UUID | None, str]:
    """Who is to own the hazards, and no words beside: a name is shown to whom its bearer shows it."""
    if value == NOBODY:
        return None, ""
    for one in await members.listed(project_id):
        if str(one["user_id"]) == value.lower():
            return one["user_id"], ""
    raise unfit("Choose a member of this project, or nobody")

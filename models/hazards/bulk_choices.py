"""Which hazards a change of many reaches when a filter names them: what its person was shown, or nothing."""

from collections.abc import Collection
from uuid import UUID

import sqlalchemy as sa

from errors import Conflict, FieldProblem, Invalid
from models.hazards import hazard_pages
from models.hazards.bulk_edits import MOST, lock
from models.hazards.hazard_filters import HazardFilter
from models.hazards.hazard_log import HAZARDS, reference
from models.storage.database import database
from models.users.people import Viewer

NAMED = 10
"""References that a message quotes."""
FIELD = "hazard_ids"


async def found(project_id: UUID, wanted: HazardFilter, viewer: Viewer) -> tuple[list[UUID], int]:
    """The keys of all that a filter finds, by number, and how many; no keys where one change takes fewer than that."""
    keys, total = await hazard_pages.keys(project_id, wanted, 1, MOST, viewer)
    return (keys if total <= MOST else []), total


async def settled(project_id: UUID, wanted: HazardFilter, seen: Collection[UUID], viewer: Viewer) -> list[UUID]:
    """What the filter finds, locked so that it still fits when it changes; call it in the transaction of the change.

    Conflict says what came and went since the list that was `seen`; who saw none (a program) asks for whatever is
    found. Invalid for none and for more than MOST, NotFound when a seen hazard is none of the project.
    """
    before = seen or await some(project_id, wanted, viewer)
    await lock(project_id, before)
    now = await some(project_id, wanted, viewer)
    came, went = set(now) - set(before), set(before) - set(now)
    if came or went:
        told = [
            await difference(words, keys) for words, keys in (("It now has", came), ("It no longer has", went)) if keys
        ]
        raise Conflict("The list has changed since you looked at it. Nothing was changed: look again.", problems=told)
    return now


async def some(project_id: UUID, wanted: HazardFilter, viewer: Viewer) -> list[UUID]:
    keys, total = await found(project_id, wanted, viewer)
    if total > MOST:
        why = f"The filter finds {total:,} hazards, and at most {MOST} can be changed at once. Filter for fewer."
        raise Invalid(problems=[FieldProblem(FIELD, why)])
    if not keys:
        raise Invalid(problems=[FieldProblem(FIELD, "The filter finds no hazard.")])
    return keys


async def difference(words: str, keys: Collection[UUID]) -> FieldProblem:
    query = sa.select(HAZARDS.c.number).where(HAZARDS.c.id.in_(keys)).order_by(HAZARDS.c.number)
    async with database.connection() as connection:
        numbers = (await connection.execute(query)).scalars().all()
    more = f" and {len(numbers) - NAMED} more" if len(numbers) > NAMED else ""
    named = ", ".join(reference(number) for number in numbers[:NAMED])
    return FieldProblem(FIELD, f"The list has changed since you looked at it. {words} {named}{more}.")

"""Which acceptances are in force, and which of them no longer fit the hazard that they were given to.

An acceptance goes stale as soon as what it accepted changes, in the transaction of that change, and is fresh again when
the hazard is as it was.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from models.comments import hazard_notices
from models.enumerations import NoticeKind
from models.hazards.hazard_log import HAZARDS
from models.risk.acceptances import RiskAcceptance
from models.risk.accepted_content import contents, digest
from models.storage import many
from models.storage.columns import utc_now
from models.storage.database import database

ACCEPTANCES = RiskAcceptance.ormar_config.table
IN_FORCE = ACCEPTANCES.c.withdrawn_date.is_(None)
TOLD = ("id", "level", "capacity", "rationale", "alternatives", "judgement", "content_hash")
"""What history tells of an acceptance."""
AT_ONCE = 5000
"""An import touches more hazards than a statement can name."""


async def in_force(keys: Sequence[UUID]) -> Sequence[Mapping[Any, Any]]:
    query = sa.select(ACCEPTANCES).where(ACCEPTANCES.c.hazard_id.in_(keys), IN_FORCE)
    async with database.connection() as connection:
        return (await connection.execute(query)).mappings().all()


async def withdraw(*hazard_ids: UUID) -> dict[UUID, dict[str, Any]]:
    """End the acceptances of hazards; what history tells of each, by its hazard."""
    found = await in_force(hazard_ids) if hazard_ids else ()
    await mark(found, withdrawn_date=utc_now())
    return {one["hazard_id"]: {name: one[name] for name in TOLD} for one in found}


async def mark(acceptances: Sequence[Mapping[Any, Any]], **dates: datetime | None) -> None:
    if acceptances:
        some = ACCEPTANCES.c.id.in_([one["id"] for one in acceptances])
        async with database.connection() as connection:
            await connection.execute(sa.update(ACCEPTANCES).where(some).values(**dates))


async def follow(hazard_ids: Sequence[UUID]) -> None:
    """A follower of models/hazards/upkeep.py: mark acceptances as stale or fresh."""
    for keys in many.batches(hazard_ids, AT_ONCE):
        # Who accepts holds the hazard until the commit: what they accept is not changed behind their back.
        ordered = sa.select(HAZARDS.c.id).where(HAZARDS.c.id.in_(keys)).order_by(HAZARDS.c.id)
        async with database.connection() as connection:
            await connection.execute(ordered.with_for_update(key_share=True))
        await compare(await in_force(keys))


async def compare(acceptances: Sequence[Mapping[Any, Any]]) -> None:
    now = await contents([one["hazard_id"] for one in acceptances]) if acceptances else {}
    fits = {one["id"]: digest(now[one["hazard_id"]]) == one["content_hash"] for one in acceptances}
    stale = [one for one in acceptances if one["stale_date"] is None and not fits[one["id"]]]
    await mark(stale, stale_date=utc_now())
    await mark([one for one in acceptances if one["stale_date"] and fits[one["id"]]], stale_date=None)
    # Who changed it knows of it.
    told = {one["hazard_id"]: {one["accepted_by_id"]} - database.authors for one in stale}
    await hazard_notices.tell_each(NoticeKind.STALE, told)

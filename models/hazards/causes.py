"""A cause is closed on its own when nothing is left to do about it, and opened again when there is (with a reason)."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from errors import Conflict
from models.audit.audit import Actor
from models.enumerations import CauseStatus
from models.hazards import hazard_parts
from models.hazards.hazard_parts import Hazard, Place
from models.hazards.hazard_told import CAUSES, Lists
from models.storage.database import database

VERBS = {CauseStatus.CLOSED: "close", CauseStatus.OPEN: "reopen"}


async def set_status(actor: Actor, place: Place, cause_id: UUID, status: CauseStatus, justification: str) -> None:
    """NotFound when the hazard has no such cause, Conflict when the cause has that status already."""

    async def work(_: Hazard, lists: Lists) -> Sequence[Mapping[str, Any]]:
        if hazard_parts.named(lists["causes"], cause_id)["status"] is status:
            raise Conflict(f"This cause is {status.value} already. Nothing was changed.")
        change = sa.update(CAUSES).where(CAUSES.c.id == cause_id)
        async with database.connection() as connection:
            await connection.execute(change.values(status=status, status_justification=justification))
        return ()

    action = f"hazard:{VERBS[status]}_cause"
    await hazard_parts.change(actor, place, action, work, justification)

"""What it takes to call a control verified: evidence that it is there, and that it works (DCB0129 6.3.2, 6.3.3)."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from errors import Conflict, FieldProblem
from models.enumerations import ControlState, EvidencePurpose
from models.evidence.evidence import EvidenceLink
from models.storage.database import database

EVIDENCE = EvidenceLink.ormar_config.table
NEEDED = {
    EvidencePurpose.IMPLEMENTATION: "Evidence that the control is implemented is missing",
    EvidencePurpose.EFFECTIVENESS: "Evidence that the control is effective is missing",
}


async def refuse_without(control_id: UUID, written: str) -> None:
    """Conflict with what is missing. What is written about evidence counts for both purposes, a piece for its own."""
    missing = [] if written else await lacking(control_id)
    if missing:
        detail = "A control is verified by evidence. Write down what there is, or attach it, then try again."
        raise Conflict(detail, problems=[FieldProblem("evidence", NEEDED[purpose]) for purpose in missing])


async def refuse_unproven(control: Mapping[str, Any]) -> None:
    """Conflict where a control is verified although nothing shows any more that it is in place, or that it works."""
    missing = (
        await lacking(control["id"]) if control["state"] is ControlState.VERIFIED and not control["evidence"] else []
    )
    if missing:
        detail = "The control is verified by this. Say first that it is only implemented, or attach other evidence."
        raise Conflict(detail, problems=[FieldProblem("attachment", NEEDED[purpose]) for purpose in missing])


async def lacking(control_id: UUID) -> list[EvidencePurpose]:
    query = sa.select(EVIDENCE.c.purpose).where(EVIDENCE.c.control_id == control_id)
    async with database.connection() as connection:
        attached = set((await connection.execute(query)).scalars())
    return [purpose for purpose in NEEDED if purpose not in attached]


def missing(controls: sa.FromClause) -> sa.ColumnElement[Any]:
    """Whether a control that is not withdrawn has no written evidence, and lacks a piece for one of the purposes."""
    attached = [
        sa.exists().where(EVIDENCE.c.control_id == controls.c.id, EVIDENCE.c.purpose == purpose) for purpose in NEEDED
    ]
    return sa.and_(controls.c.evidence == "", controls.c.state != ControlState.WITHDRAWN, ~sa.and_(*attached))

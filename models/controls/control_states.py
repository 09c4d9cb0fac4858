"""How far a control has come, and which state can follow which."""

from collections.abc import Mapping
from uuid import UUID

from errors import Conflict
from models.audit.audit import Actor
from models.controls import control_edits, control_evidence
from models.enumerations import ControlState
from models.storage.database import database

PROPOSED, AGREED, IMPLEMENTED, VERIFIED, WITHDRAWN = ControlState
TRANSITIONS: Mapping[ControlState, tuple[ControlState, ...]] = {
    PROPOSED: (AGREED, IMPLEMENTED, WITHDRAWN),
    AGREED: (IMPLEMENTED, PROPOSED, WITHDRAWN),
    IMPLEMENTED: (VERIFIED, AGREED, WITHDRAWN),
    VERIFIED: (IMPLEMENTED, WITHDRAWN),
    WITHDRAWN: (PROPOSED,),
}
"""What can follow; back from implemented or verified when it turns out not to be so."""


async def set_state(actor: Actor, project_id: UUID, control_id: UUID, state: ControlState, justification: str) -> None:
    """Conflict when the state cannot follow the one there is, or when evidence is missing, saying which."""
    async with database.transaction():
        control = await control_edits.editable(project_id, control_id)
        if state not in TRANSITIONS[control["state"]]:
            raise Conflict(refusal(control["state"]))
        if state is VERIFIED:
            await control_evidence.refuse_without(control_id, control["evidence"])
        values = {"state": state, "state_justification": justification}
        await control_edits.store(actor, control, "control:state", values, reason=justification)


def refusal(state: ControlState) -> str:
    *others, last = (one.value for one in TRANSITIONS[state])
    ways = f"{', '.join(others)} or {last}" if others else last
    return f"This control is {state.value}: next it can become {ways}. Nothing was changed."

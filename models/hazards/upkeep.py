"""What follows every change of hazards in its own transaction: what was derived from them is derived anew.

A write says which hazards it touched, also through a control that they share; each follower is called once, with all of
them, just before the commit. A follower stores only what can be made anew from the hazards at any time.
"""

from collections.abc import Awaitable, Callable, Sequence
from uuid import UUID

from models.hazards import hazard_search
from models.risk import acceptance_state
from models.storage.database import database

Follower = Callable[[Sequence[UUID]], Awaitable[None]]
FOLLOWERS: tuple[Follower, ...] = (hazard_search.refresh, acceptance_state.follow)


def touched(*hazard_ids: UUID) -> None:
    """These hazards, or what belongs to them, changed in this transaction. Say it before `audit.append`."""
    if hazard_ids:
        database.before_commit(follow, *hazard_ids)


async def follow(hazard_ids: Sequence[UUID]) -> None:
    keys = list(dict.fromkeys(hazard_ids))
    for follower in FOLLOWERS:
        await follower(keys)

"""What becomes of the risk when controls fail: which hazards rest on them and which ratings no longer hold.

Nothing is stored. Without an additional control its hazards fall back to their initial rating; without an existing one
the initial rating itself is no longer supported, and nobody can say what is until the hazard is assessed again.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from errors import NotFound
from models.enumerations import ControlStage, ControlState
from models.hazards.hazard_log import CONTROLS, HAZARDS, INITIAL, LINKS, RATED, RESIDUAL
from models.risk import residual_risk
from models.storage.database import database

SHOWN = ("id", "number", "name", "status")


@dataclass(frozen=True, slots=True)
class Levels:
    """The level that counts, 1 to 5, 5 the worst: as claimed, and as the controls bear it out. None is unknown."""

    claimed: int | None
    evidenced: int | None


@dataclass(frozen=True, slots=True)
class Effect:
    """What switching controls off does to one hazard; `off` are those that it rests on."""

    hazard: Mapping[str, Any]
    off: tuple[UUID, ...]
    initial: int | None
    before: Levels
    after: Levels
    initial_supported: bool

    @property
    def moves(self) -> bool:
        return self.before != self.after

    @property
    def rank(self) -> tuple[bool, bool, int, int]:
        """The worst first: what has lost its ground, then what ends highest, then by number."""
        return not self.moves, self.initial_supported, -(self.after.claimed or 0), self.hazard["number"]


async def switched_off(project_id: UUID, keys: Collection[UUID]) -> list[dict[str, Any]]:
    """These controls, by their words; NotFound when one of them is none of the project."""
    columns = [CONTROLS.c[name] for name in ("id", "description", "stage", "state")]
    query = sa.select(*columns).where(CONTROLS.c.project_id == project_id, CONTROLS.c.id.in_(keys))
    async with database.connection() as connection:
        found = (await connection.execute(query.order_by(CONTROLS.c.description, CONTROLS.c.id))).mappings().all()
    if len(found) < len(set(keys)):
        raise NotFound
    return [dict(control) for control in found]


async def effects(off: Collection[UUID]) -> list[Effect]:
    """What switching these controls off does to each hazard that rests on one, the worst first: two statements."""
    resting = sa.select(LINKS.c.hazard_id).where(LINKS.c.control_id.in_(off))
    levels = (INITIAL.c.level.label("initial"), RESIDUAL.c.level.label("residual"))
    hazards = sa.select(*(HAZARDS.c[name] for name in SHOWN), *levels).select_from(RATED)
    controls = (
        sa.select(LINKS.c.hazard_id, CONTROLS.c.id, CONTROLS.c.stage, CONTROLS.c.state)
        .select_from(LINKS.join(CONTROLS, CONTROLS.c.id == LINKS.c.control_id))
        .where(LINKS.c.hazard_id.in_(resting), CONTROLS.c.state != ControlState.WITHDRAWN)
    )
    async with database.connection() as connection:
        rows = (await connection.execute(hazards.where(HAZARDS.c.id.in_(resting)))).mappings().all()
        linked = (await connection.execute(controls)).mappings().all()
    of_hazard: dict[UUID, list[Mapping[str, Any]]] = {}
    for control in linked:
        of_hazard.setdefault(control["hazard_id"], []).append(dict(control))
    found = (effect(dict(row), of_hazard.get(row["id"], []), off) for row in rows)
    return sorted(found, key=lambda one: one.rank)


def effect(row: Mapping[str, Any], controls: Iterable[Mapping[str, Any]], off: Collection[UUID]) -> Effect:
    """`controls` are those of the hazard that were not withdrawn; a withdrawn one protects nobody already."""
    kept = list(controls)
    gone = [control for control in kept if control["id"] in off]
    initial, residual = row["initial"], row["residual"]
    before = Levels(initial if residual is None else residual, evidenced(initial, residual, kept))
    supported = initial is None or not any(control["stage"] is ControlStage.EXISTING for control in gone)
    after = before
    if not supported:
        after = Levels(None, None)
    elif any(control["stage"] is ControlStage.ADDITIONAL for control in gone):
        after = Levels(fallen_back(initial, before.claimed), fallen_back(initial, before.evidenced))
    return Effect(row, tuple(control["id"] for control in gone), initial, before, after, supported)


def evidenced(initial: int | None, residual: int | None, controls: Iterable[Mapping[str, Any]]) -> int | None:
    """The level that the controls bear out; without a residual rating it is the initial one."""
    if residual is None:
        return initial
    first = None if initial is None else {"level": initial}
    borne_out = residual_risk.evidenced({"initial": first, "residual": {"level": residual}, "controls": controls})
    return borne_out["level"] if borne_out else None


def fallen_back(initial: int | None, counted: int | None) -> int | None:
    """The initial level, never a better one than counted before; unknown where nobody assessed it."""
    return None if initial is None or counted is None else max(initial, counted)

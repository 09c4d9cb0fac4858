"""What if controls failed: the hazards that rest on them, and the controls that most hazards rest on."""

from collections import Counter
from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID

from annotated_types import MaxLen
from fastapi import APIRouter, Query
from pydantic import BaseModel

from authentication.access import may, requires
from endpoints._depends import CurrentProject
from endpoints._fields import Line
from endpoints._links import Url
from endpoints._paging import Page, Paging, pagination
from endpoints.projects._project import Project
from models.controls import control_log
from models.controls.control_log import ControlFilter
from models.enumerations import ControlKind, ControlStage, ControlState, HazardStatus
from models.hazards import hazard_log
from models.risk import what_if
from models.risk.what_if import Effect, Levels

router = APIRouter()
MOST_TOLD = 500
"""Hazards in one answer; their number is told in full."""


class Wanted(Paging):
    """`off` are keys of controls of the project; `search` narrows the list of controls."""

    off: Annotated[list[UUID], MaxLen(100)] = []
    search: Line = ""


class SharedControl(BaseModel):
    """`hazard_count` is the number of hazards that rest on the control."""

    id: UUID
    description: str
    kind: ControlKind | None
    stage: ControlStage
    state: ControlState
    hazard_count: int


class SwitchedOff(BaseModel):
    id: UUID
    description: str
    stage: ControlStage
    state: ControlState


class Moved(BaseModel):
    """A hazard that rests on a control that is off.

    The levels after are null where `initial_supported` is false: without the existing control nobody has assessed it.
    """

    id: UUID
    reference: str
    name: str
    status: HazardStatus
    url: Url
    off: list[UUID]
    initial: int | None
    claimed_before: int | None
    claimed_after: int | None
    evidenced_before: int | None
    evidenced_after: int | None
    initial_supported: bool
    moves: bool


class LevelChange(BaseModel):
    """Of the hazards that rest on what is off: how many were claimed to be at a level, and how many are without it."""

    level: int
    before: int
    after: int


class WhatIf(Page[SharedControl]):
    """The controls, those that most hazards rest on first; `hazards` has the worst first, at most 500 of `resting`."""

    project: Project
    wanted: Wanted
    in_log: int
    off: list[SwitchedOff]
    resting: int
    moving: int
    unsupported: int
    levels: list[LevelChange]
    hazards: list[Moved]


@router.get("/")
@requires(may("hazard:read"))
async def show(project: CurrentProject, wanted: Annotated[Wanted, Query()]) -> WhatIf:
    """Nothing is stored; 404 when a control that is to be off is none of the project."""
    off = await what_if.switched_off(project.id, wanted.off)
    effects = await what_if.effects(wanted.off) if off else []
    asked = ControlFilter(search=wanted.search, sort="-hazards")
    controls, total = await control_log.page(project.id, asked, wanted.page, wanted.limit)
    return WhatIf(
        data=[SharedControl.model_validate(control, from_attributes=True) for control in controls],
        pagination=pagination(total, wanted.page, wanted.limit),
        project=Project.model_validate(project),
        wanted=wanted,
        in_log=sum(group.count for group in await hazard_log.counts(project.id)),
        off=[SwitchedOff(**control) for control in off],
        resting=len(effects),
        moving=sum(effect.moves for effect in effects),
        unsupported=sum(not effect.initial_supported for effect in effects),
        levels=levels(effects),
        hazards=[moved(project.id, effect) for effect in effects[:MOST_TOLD]],
    )


def levels(effects: Sequence[Effect]) -> list[LevelChange]:
    before = Counter(effect.before.claimed for effect in effects)
    after = Counter(effect.after.claimed for effect in effects)
    return [LevelChange(level=level, before=before[level], after=after[level]) for level in range(5, 0, -1)]


def moved(project_id: UUID, effect: Effect) -> Moved:
    hazard = effect.hazard
    return Moved(
        **{name: hazard[name] for name in ("id", "name", "status")},
        reference=hazard_log.reference(hazard["number"]),
        url=hazard_log.url(project_id, hazard["id"]),
        off=list(effect.off),
        initial=effect.initial,
        **both("before", effect.before),
        **both("after", effect.after),
        initial_supported=effect.initial_supported,
        moves=effect.moves,
    )


def both(when: str, found: Levels) -> dict[str, Any]:
    return {f"claimed_{when}": found.claimed, f"evidenced_{when}": found.evidenced}

"""What stands in the way of closing or transferring a hazard (implementation guidance, table 5)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from errors import FieldProblem
from models import acceptance_state, residual_risk
from models.accepted_content import ALARP, TARGETS
from models.database import database
from models.enumerations import CauseStatus, ControlState, HazardLinkKind, HazardStatus, Party, Standard
from models.hazard_log import CAUSES, CONTROLS, LINKS
from models.hazards import HazardLink
from models.projects import PROJECTS

HAZARD_LINKS = HazardLink.ormar_config.table
TO_DO = frozenset({ControlState.PROPOSED, ControlState.AGREED})
OWN_PARTY = {Standard.DCB0129: Party.MANUFACTURER, Standard.DCB0160: Party.DEPLOYER}
"""Whose an action is when nobody is named: the one whose log it is."""
SHORT = 120


@dataclass(frozen=True)
class Facts:
    """What the rules ask about a hazard beside its ratings."""

    standard: Standard
    is_duplicate: bool
    has_alarp: bool
    acceptance_stale: bool | None
    """None while no acceptance is in force."""
    controls: Sequence[Mapping[Any, Any]]
    uncontrolled: Sequence[str]
    """Open causes all of whose controls were withdrawn."""


def reopens(before: HazardStatus, after: HazardStatus) -> bool:
    """Whether work on a hazard begins again, so that its acceptance ends."""
    return after is HazardStatus.OPEN or before is HazardStatus.CLOSED


async def hindrances(hazard: Mapping[str, Any], status: HazardStatus) -> list[FieldProblem]:
    """Every reason why a hazard cannot have that status now; a hazard can always be opened."""
    if status is HazardStatus.OPEN:
        return []
    facts = await facts_of(hazard["project_id"], hazard["id"])
    if status is HazardStatus.TRANSFERRED:
        return list(left_to_manufacturer(facts))
    ratings = [] if facts.is_duplicate else list(unacceptable(hazard, facts))
    return [*ratings, *left_to_do(facts.controls), *uncontrolled(facts)]


def unacceptable(hazard: Mapping[str, Any], facts: Facts) -> Iterator[FieldProblem]:
    """Levels 1 and 2 are acceptable, 3 with its reasons and while its acceptance fits, 4 and 5 never."""
    rating = residual_risk.current(hazard)
    if rating is None:
        yield FieldProblem("initial", "The risk is not assessed. Assess it, or link the hazard as a duplicate.")
    elif rating["level"] >= residual_risk.NEVER_ACCEPTABLE:
        why = f"The risk is level {rating['level']}, which is never acceptable. Add controls, then assess it again."
        yield FieldProblem("residual" if hazard["residual"] else "initial", why)
    elif rating["level"] >= residual_risk.UNDESIRABLE:
        if not facts.has_alarp:
            yield FieldProblem("alarp", "The risk is level 3. Record why reducing it further is impractical.")
        if facts.acceptance_stale is None:
            yield FieldProblem("acceptance", "The risk is level 3 and nobody has accepted it. Have it accepted.")
        elif facts.acceptance_stale:
            yield FieldProblem("acceptance", "The risk is level 3 and what was accepted has changed. Accept it again.")


def left_to_do(controls: Iterable[Mapping[Any, Any]]) -> Iterator[FieldProblem]:
    for control in controls:
        if control["state"] in TO_DO:
            said = f'A control is only {control["state"].value}: "{short(control["description"])}".'
            yield FieldProblem("controls", f"{said} Implement it, or withdraw it and say why.")


def left_to_manufacturer(facts: Facts) -> Iterator[FieldProblem]:
    own = OWN_PARTY[facts.standard]
    for control in facts.controls:
        if control["state"] in TO_DO and (control["responsible"] or own) is Party.MANUFACTURER:
            said = f'A control of the manufacturer is only {control["state"].value}: "{short(control["description"])}".'
            yield FieldProblem("controls", f"{said} Implement or withdraw it, or name who deploys as responsible.")


def uncontrolled(facts: Facts) -> Iterator[FieldProblem]:
    for cause in facts.uncontrolled:
        said = f'All controls of an open cause were withdrawn: "{short(cause)}".'
        yield FieldProblem("causes", f"{said} Close the cause and say why, or control it.")


def short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= SHORT else f"{line[:SHORT]}..."


async def facts_of(project_id: UUID, hazard_id: UUID) -> Facts:
    accepted = await acceptance_state.in_force([hazard_id])
    duplicate = HAZARD_LINKS.c.kind == HazardLinkKind.DUPLICATE
    one = sa.select(
        PROJECTS.c.standard,
        sa.exists().where(HAZARD_LINKS.c.hazard_id == hazard_id, duplicate).label("is_duplicate"),
        sa.exists().where(ALARP.c.hazard_id == hazard_id).label("has_alarp"),
    ).where(PROJECTS.c.id == project_id)
    async with database.connection() as connection:
        found = (await connection.execute(one)).mappings().one()
        controls = (await connection.execute(controls_of(hazard_id))).mappings().all()
        bare = (await connection.execute(uncontrolled_causes(hazard_id))).scalars().all()
    stale = accepted[0]["stale_date"] is not None if accepted else None
    return Facts(**found, acceptance_stale=stale, controls=controls, uncontrolled=bare)


def controls_of(hazard_id: UUID) -> sa.Select[Any]:
    columns = (CONTROLS.c.id, CONTROLS.c.description, CONTROLS.c.state, CONTROLS.c.responsible)
    joined = LINKS.join(CONTROLS, CONTROLS.c.id == LINKS.c.control_id)
    return sa.select(*columns).select_from(joined).where(LINKS.c.hazard_id == hazard_id).order_by(LINKS.c.position)


def uncontrolled_causes(hazard_id: UUID) -> sa.Select[Any]:
    """A cause that no control ever acted on is left to what controls the whole hazard."""
    joined = TARGETS.join(LINKS, LINKS.c.id == TARGETS.c.hazard_control_id).join(
        CONTROLS, CONTROLS.c.id == LINKS.c.control_id
    )
    acting = sa.select(TARGETS.c.id).select_from(joined).where(TARGETS.c.cause_id == CAUSES.c.id)
    return (
        sa.select(CAUSES.c.description)
        .where(CAUSES.c.hazard_id == hazard_id, CAUSES.c.status == CauseStatus.OPEN)
        .where(acting.exists(), ~acting.where(CONTROLS.c.state != ControlState.WITHDRAWN).exists())
        .order_by(CAUSES.c.position)
    )

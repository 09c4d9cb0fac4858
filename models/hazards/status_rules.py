"""What stands in the way of closing or transferring a hazard (implementation guidance, table 5)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from errors import FieldProblem
from models.enumerations import (
    CauseStatus,
    ControlStage,
    ControlState,
    HazardLinkKind,
    HazardStatus,
    Party,
    Standard,
)
from models.hazards.hazard_log import CAUSES, CONTROLS, HAZARDS, LINKS
from models.hazards.hazards import HazardLink
from models.projects.projects import PROJECTS
from models.risk import acceptance_state, residual_risk
from models.risk.accepted_content import ALARP, TARGETS
from models.storage.database import database

HAZARD_LINKS = HazardLink.ormar_config.table
TO_DO = frozenset({ControlState.PROPOSED, ControlState.AGREED})
OWN_PARTY = {Standard.DCB0129: Party.MANUFACTURER, Standard.DCB0160: Party.DEPLOYER}
"""Whose an action is when nobody is named: the one whose log it is."""
OVER = frozenset({ControlState.VERIFIED, ControlState.WITHDRAWN})
"""Nothing is left to do about an additional control: verifying it is an action as well (6.3.2)."""
SHORT, NAMED = 120, 5
"""Characters of a text, and texts, that a reason quotes."""


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
    """Every reason why a hazard cannot have that status now."""
    return (await hindrances_of([hazard], status))[hazard["id"]]


async def hindrances_of(hazards: Sequence[Mapping[str, Any]], status: HazardStatus) -> dict[UUID, list[FieldProblem]]:
    """As `hindrances`, for each of many hazards by four statements; a hazard can always be opened."""
    if status is HazardStatus.OPEN:
        return {hazard["id"]: [] for hazard in hazards}
    facts = await facts_of([hazard["id"] for hazard in hazards])
    return {hazard["id"]: list(reasons(hazard, facts[hazard["id"]], status)) for hazard in hazards}


def reasons(hazard: Mapping[str, Any], facts: Facts, status: HazardStatus) -> Iterator[FieldProblem]:
    if status is HazardStatus.TRANSFERRED:
        yield from not_transferable(facts)
        return
    if not facts.is_duplicate:
        yield from unacceptable(hazard, has_alarp=facts.has_alarp, acceptance_stale=facts.acceptance_stale)
    yield from left_to_do(facts.controls)
    yield from uncontrolled(facts)


def unacceptable(
    hazard: Mapping[str, Any], *, has_alarp: bool, acceptance_stale: bool | None
) -> Iterator[FieldProblem]:
    """Levels 1 and 2 are acceptable, 3 with its reasons and while its acceptance fits, 4 and 5 never.

    The initial risk is estimated in any case (4.4.1). What is claimed has to be acceptable, and what the controls bear
    out as well (6.1.4, 6.3.2, 6.3.3). Of `acceptance_stale` None is that no acceptance is in force.
    """
    rating, evidenced = residual_risk.current(hazard), hazard["residual_evidenced"]
    if rating is None:
        yield FieldProblem("initial", "The risk is not assessed. Assess it, or link the hazard as a duplicate.")
        return
    if hazard["initial"] is None:
        yield FieldProblem("initial", "Only the residual risk is assessed. Assess the initial risk as well.")
        return
    level = evidenced["level"] if evidenced else rating["level"]
    if rating["level"] >= residual_risk.NEVER_ACCEPTABLE:
        why = f"The risk is level {rating['level']}, which is never acceptable. Add controls, then assess it again."
        yield FieldProblem("residual" if hazard["residual"] else "initial", why)
    elif level >= residual_risk.NEVER_ACCEPTABLE:
        yield FieldProblem("controls", f"{only_claimed(rating['level'], evidenced)} {borne_out_by(evidenced)}")
    elif level >= residual_risk.UNDESIRABLE:
        falls_back = level != rating["level"]
        said = only_claimed(rating["level"], evidenced) if falls_back else "The risk is level 3."
        if not has_alarp:
            yield FieldProblem("alarp", f"{said} Record why reducing it further is impractical.")
        yield from unaccepted(said, acceptance_stale)


def unaccepted(said: str, acceptance_stale: bool | None) -> Iterator[FieldProblem]:
    if acceptance_stale is None:
        yield FieldProblem("acceptance", f"{said} Nobody has accepted it. Have it accepted.")
    elif acceptance_stale:
        yield FieldProblem("acceptance", f"{said} What was accepted has changed. Accept it again.")


def only_claimed(claimed: int, evidenced: Mapping[str, Any]) -> str:
    borne_out = evidenced["level"]
    return f"The residual risk is claimed to be level {claimed}, but its controls bear out only level {borne_out}."


def borne_out_by(evidenced: Mapping[str, Any]) -> str:
    """What would make the claim count."""
    texts = [f'"{short(control["description"])}"' for control in evidenced["waiting_for"]]
    if not texts:
        return "Add the control that lowers the risk, and verify it."
    return f"Verify {', '.join(texts[:NAMED])}{f' and {len(texts) - NAMED} more' if len(texts) > NAMED else ''}."


def left_to_do(controls: Iterable[Mapping[Any, Any]]) -> Iterator[FieldProblem]:
    for control in controls:
        if control["state"] in TO_DO:
            said = f'A control is only {control["state"].value}: "{short(control["description"])}".'
            yield FieldProblem("controls", f"{said} Implement it, or withdraw it and say why.")


def not_transferable(facts: Facts) -> Iterator[FieldProblem]:
    """All actions of the manufacturer are completed, but not all of who deploys."""
    own = OWN_PARTY[facts.standard]
    for control in facts.controls:
        if control["state"] in TO_DO and (control["responsible"] or own) is Party.MANUFACTURER:
            said = f'A control of the manufacturer is only {control["state"].value}: "{short(control["description"])}".'
            yield FieldProblem("controls", f"{said} Implement or withdraw it, or name who deploys as responsible.")
    if not any((control["responsible"] or own) is Party.DEPLOYER and is_open(control) for control in facts.controls):
        why = "Nothing is left to do for the organisation that deploys. Add what it has to do as a control."
        yield FieldProblem("controls", why)


def is_open(control: Mapping[Any, Any]) -> bool:
    """Whether something is left to do about a control, if only to verify it; existing ones are in place."""
    return control["stage"] is ControlStage.ADDITIONAL and control["state"] not in OVER


def uncontrolled(facts: Facts) -> Iterator[FieldProblem]:
    for cause in facts.uncontrolled:
        said = f'All controls of an open cause were withdrawn: "{short(cause)}".'
        yield FieldProblem("causes", f"{said} Close the cause and say why, or control it.")


def short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= SHORT else f"{line[:SHORT]}..."


async def facts_of(keys: Sequence[UUID]) -> dict[UUID, Facts]:
    accepted = {one["hazard_id"]: one["stale_date"] is not None for one in await acceptance_state.in_force(keys)}
    controls: dict[UUID, list[Mapping[Any, Any]]] = {key: [] for key in keys}
    bare: dict[UUID, list[str]] = {key: [] for key in keys}
    async with database.connection() as connection:
        known = (await connection.execute(known_of(keys))).all()
        for row in (await connection.execute(controls_of(keys))).mappings():
            controls[row["hazard_id"]].append(row)
        for cause in await connection.execute(uncontrolled_causes(keys)):
            bare[cause.hazard_id].append(cause.description)
    return {
        row.id: Facts(
            row.standard, row.is_duplicate, row.has_alarp, accepted.get(row.id), controls[row.id], bare[row.id]
        )
        for row in known
    }


def known_of(keys: Sequence[UUID]) -> sa.Select[Any]:
    duplicate = HAZARD_LINKS.c.kind == HazardLinkKind.DUPLICATE
    return (
        sa.select(
            HAZARDS.c.id,
            PROJECTS.c.standard,
            sa.exists().where(HAZARD_LINKS.c.hazard_id == HAZARDS.c.id, duplicate).label("is_duplicate"),
            sa.exists().where(ALARP.c.hazard_id == HAZARDS.c.id).label("has_alarp"),
        )
        .join(PROJECTS, PROJECTS.c.id == HAZARDS.c.project_id)
        .where(HAZARDS.c.id.in_(keys))
    )


def controls_of(keys: Sequence[UUID]) -> sa.Select[Any]:
    columns = [CONTROLS.c[name] for name in ("id", "description", "stage", "state", "responsible")]
    joined = LINKS.join(CONTROLS, CONTROLS.c.id == LINKS.c.control_id)
    found = sa.select(LINKS.c.hazard_id, *columns).select_from(joined)
    return found.where(LINKS.c.hazard_id.in_(keys)).order_by(LINKS.c.position)


def uncontrolled_causes(keys: Sequence[UUID]) -> sa.Select[Any]:
    """A cause that no control ever acted on is left to what controls the whole hazard."""
    joined = TARGETS.join(LINKS, LINKS.c.id == TARGETS.c.hazard_control_id).join(
        CONTROLS, CONTROLS.c.id == LINKS.c.control_id
    )
    acting = sa.select(TARGETS.c.id).select_from(joined).where(TARGETS.c.cause_id == CAUSES.c.id)
    return (
        sa.select(CAUSES.c.hazard_id, CAUSES.c.description)
        .where(CAUSES.c.hazard_id.in_(keys), CAUSES.c.status == CauseStatus.OPEN)
        .where(acting.exists(), ~acting.where(CONTROLS.c.state != ControlState.WITHDRAWN).exists())
        .order_by(CAUSES.c.position)
    )

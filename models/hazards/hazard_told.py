"""How history tells the lists of a hazard: each entry by its key, so that it can be followed from version to version.

A list is always told whole, and of its entries what is not empty. All fields of a control stand where it is new with
the hazard, else what it is called; what becomes of it later is told by entries of its own (docs/hazard-log.md).
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from models.controls.controls import Control, ControlTarget, HazardControl
from models.hazards.hazards import Cause, PotentialHarm
from models.storage.database import database

CAUSES = Cause.ormar_config.table
HARMS = PotentialHarm.ormar_config.table
CONTROLS = Control.ormar_config.table
LINKS = HazardControl.ormar_config.table
TARGETS = ControlTarget.ormar_config.table
Told = dict[str, Any]
Lists = dict[str, list[Told]]

TEXT_LISTS = frozenset({"causes", "harms", "existing_controls", "additional_controls"})
"""The lists that an edit gives by their texts."""
NOT_TOLD = frozenset({"project_id", "version"})


def cause(row: Mapping[str, Any]) -> Told:
    said = {"id": row["id"], "description": row["description"], "status": row["status"]}
    why = row.get("status_justification")
    return {**said, "status_justification": why} if why else said


def harm(row: Mapping[str, Any]) -> Told:
    return {"id": row["id"], "description": row["description"]}


def control(row: Mapping[str, Any], acts_on: Sequence[UUID]) -> Told:
    said = {"id": row["id"], "description": row["description"], "stage": row["stage"]}
    return {**said, "acts_on": list(acts_on)} if acts_on else said


def new_control(row: Mapping[str, Any]) -> Told:
    """All that is known of a control when it comes with its hazard."""
    return {name: said for name, said in row.items() if name not in NOT_TOLD and said is not None and said != ""}


async def lists(hazard_id: UUID, new_controls: Sequence[Mapping[str, Any]] = ()) -> Lists:
    """The causes, harms and controls of a hazard as they are stored now: four statements."""
    new = {row["id"]: new_control(row) for row in new_controls}
    async with database.connection() as connection:
        causes = (await connection.execute(_of(CAUSES, hazard_id))).mappings().all()
        harms = (await connection.execute(_of(HARMS, hazard_id))).mappings().all()
    controls = (await controls_of([hazard_id]))[hazard_id]
    return {
        "causes": [cause(row) for row in causes],
        "harms": [harm(row) for row in harms],
        "controls": [{**new.get(told["id"], {}), **told} for told in controls],
    }


async def controls_of(hazard_ids: Sequence[UUID]) -> dict[UUID, list[Told]]:
    """The controls of each of many hazards, by its key, as they are stored now: two statements."""
    async with database.connection() as connection:
        controls = (await connection.execute(_controls(hazard_ids))).mappings().all()
        targets = (await connection.execute(_targets(hazard_ids))).all()
    acts_on: dict[tuple[UUID, UUID], list[UUID]] = {}
    for target in targets:
        acts_on.setdefault((target.hazard_id, target.control_id), []).append(target.cause_id or target.harm_id)
    found: dict[UUID, list[Told]] = {key: [] for key in hazard_ids}
    for row in controls:
        found[row["hazard_id"]].append(control(row, acts_on.get((row["hazard_id"], row["id"]), ())))
    return found


def differing(before: Mapping[str, list[Told]], after: Mapping[str, list[Told]]) -> tuple[Told, Told]:
    """Of the lists those that are not what they were, before and after."""
    changed = [name for name in after if before[name] != after[name]]
    return {name: before[name] for name in changed}, {name: after[name] for name in changed}


def _of(table: sa.Table, hazard_id: UUID) -> sa.Select[Any]:
    return sa.select(table).where(table.c.hazard_id == hazard_id).order_by(table.c.position)


def _controls(hazard_ids: Sequence[UUID]) -> sa.Select[Any]:
    joined = LINKS.join(CONTROLS, CONTROLS.c.id == LINKS.c.control_id)
    columns = (LINKS.c.hazard_id, CONTROLS.c.id, CONTROLS.c.description, CONTROLS.c.stage)
    return sa.select(*columns).select_from(joined).where(LINKS.c.hazard_id.in_(hazard_ids)).order_by(LINKS.c.position)


def _targets(hazard_ids: Sequence[UUID]) -> sa.Select[Any]:
    """In one order, whatever the database: the causes, then the harms, each by its place."""
    joined = (
        TARGETS.join(LINKS, LINKS.c.id == TARGETS.c.hazard_control_id)
        .outerjoin(CAUSES, CAUSES.c.id == TARGETS.c.cause_id)
        .outerjoin(HARMS, HARMS.c.id == TARGETS.c.harm_id)
    )
    order = (sa.case((TARGETS.c.cause_id.is_(None), 1), else_=0), CAUSES.c.position, HARMS.c.position)
    columns = (LINKS.c.hazard_id, LINKS.c.control_id, TARGETS.c.cause_id, TARGETS.c.harm_id)
    return sa.select(*columns).select_from(joined).where(LINKS.c.hazard_id.in_(hazard_ids)).order_by(*order)

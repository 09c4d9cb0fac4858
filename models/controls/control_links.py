"""What ties a control to a hazard, and to the causes and harms of it that it acts on."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from errors import Conflict, FieldProblem, Invalid, OutOfDate
from models.audit.audit import Actor
from models.controls import control_edits
from models.controls.control_answers import Answer
from models.controls.control_edits import LINKS
from models.enumerations import ControlState
from models.hazards import hazard_parts
from models.hazards.hazard_additions import insert_all, link_row
from models.hazards.hazard_parts import Hazard, Place
from models.hazards.hazard_told import TARGETS, Lists
from models.storage.columns import new_id
from models.storage.database import database

THERE = "This control is on the hazard already. Nothing was changed."
WITHDRAWN = "This control is withdrawn. Propose it again first. Nothing was changed."
Rows = Sequence[Mapping[str, Any]]


async def add(actor: Actor, place: Place, fields: Mapping[str, Any], given: Answer, acts_on: Sequence[UUID]) -> UUID:
    """A new control that serves this hazard. Its key."""
    keys: list[UUID] = []

    async def work(hazard: Hazard, lists: Lists) -> Rows:
        told = await control_edits.add(place.project_id, fields, given)
        keys.append(told["id"])
        await tie(hazard["id"], told["id"], lists, acts_on)
        return [told]

    await hazard_parts.change(actor, place, "hazard:add_control", work)
    return keys[0]


async def link(actor: Actor, place: Place, control_id: UUID, acts_on: Sequence[UUID]) -> None:
    """Let a control of the project serve this hazard too; Conflict when it does, or is withdrawn."""

    async def work(hazard: Hazard, lists: Lists) -> Rows:
        if (await control_edits.lock_alone(place.project_id, control_id))["state"] is ControlState.WITHDRAWN:
            raise Conflict(WITHDRAWN)
        if any(told["id"] == control_id for told in lists["controls"]):
            raise Conflict(THERE)
        await tie(hazard["id"], control_id, lists, acts_on)
        return ()

    await hazard_parts.change(actor, place, "hazard:link_control", work)


async def act_on(actor: Actor, place: Place, control_id: UUID, version: int, acts_on: Sequence[UUID]) -> None:
    """Say anew which causes and harms of the hazard a control of it acts on; NotFound when it is not on the hazard.

    OutOfDate when `version` is not the hazard's current one.
    """

    async def work(hazard: Hazard, lists: Lists) -> Rows:
        hazard_parts.named(lists["controls"], control_id)
        if hazard["version"] != version:
            raise OutOfDate
        key = await untie(hazard["id"], control_id)
        await aim(key, lists, acts_on)
        return ()

    await hazard_parts.change(actor, place, "hazard:aim_control", work)


async def take_off(actor: Actor, place: Place, control_id: UUID) -> None:
    """The control serves this hazard no more; it stays with the project. NotFound when it is not on the hazard."""

    async def work(hazard: Hazard, lists: Lists) -> Rows:
        hazard_parts.named(lists["controls"], control_id)
        key = await untie(hazard["id"], control_id)
        async with database.connection() as connection:
            await connection.execute(sa.delete(LINKS).where(LINKS.c.id == key))
        return ()

    await hazard_parts.change(actor, place, "hazard:unlink_control", work)


async def tie(hazard_id: UUID, control_id: UUID, lists: Lists, acts_on: Sequence[UUID]) -> None:
    last = sa.select(sa.func.coalesce(sa.func.max(LINKS.c.position), 0)).where(LINKS.c.hazard_id == hazard_id)
    async with database.connection() as connection:
        position = (await connection.execute(last)).scalar_one() + 1
    row = link_row(hazard_id, control_id, position)
    await insert_all({LINKS: [row]})
    await aim(row["id"], lists, acts_on)


async def untie(hazard_id: UUID, control_id: UUID) -> UUID:
    """Forget what a control of a hazard acts on; the key of what ties them."""
    query = sa.select(LINKS.c.id).where(LINKS.c.hazard_id == hazard_id, LINKS.c.control_id == control_id)
    async with database.connection() as connection:
        key: UUID = (await connection.execute(query)).scalar_one()
        await connection.execute(sa.delete(TARGETS).where(TARGETS.c.hazard_control_id == key))
    return key


async def aim(link_id: UUID, lists: Lists, acts_on: Sequence[UUID]) -> None:
    """Invalid where the hazard has no such cause or harm."""
    columns = {
        **{told["id"]: "cause_id" for told in lists["causes"]},
        **{told["id"]: "harm_id" for told in lists["harms"]},
    }
    problems = [
        FieldProblem(f"acts_on.{place}", f"Entry {place + 1} is no cause and no harm of this hazard")
        for place, key in enumerate(acts_on)
        if key not in columns
    ]
    if problems:
        raise Invalid(problems=problems)
    nothing = {"cause_id": None, "harm_id": None}
    rows = [
        {"id": new_id(), "hazard_control_id": link_id, **nothing, columns[key]: key} for key in dict.fromkeys(acts_on)
    ]
    await insert_all({TARGETS: rows})

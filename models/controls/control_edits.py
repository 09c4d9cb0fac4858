"""Changing a control, which may serve many hazards: each change is a version of its own and reaches all of them."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from errors import Conflict, FieldProblem, NotFound, OutOfDate
from models.audit import audit
from models.audit.audit import Actor, Change
from models.controls import control_evidence
from models.controls.control_answers import RAISED, Answer, hazards_named, raise_hazards
from models.controls.controls import DEFAULT_PREFERENCE, Control, HazardControl
from models.enumerations import ControlState, HazardStatus
from models.hazards import hazard_edits, hazard_log, hazard_told, upkeep
from models.hazards.hazard_additions import NewControl, control_row, insert_all
from models.hazards.hazard_log import HAZARDS
from models.hazards.hazard_told import Told, new_control
from models.projects import members
from models.storage.database import database

CONTROLS = Control.ormar_config.table
LINKS = HazardControl.ormar_config.table
CHANGED_MEANWHILE = "Another hazard came to rest on this control just now. Nothing was changed. Try again."


async def create(actor: Actor, project_id: UUID, fields: Mapping[str, Any], answer: Answer) -> UUID:
    """A control that serves no hazard yet. Its key."""
    async with database.transaction():
        told = await add(project_id, fields, answer)
        await audit.append(actor, Change("control:create", "control", told["id"], project_id, 1, after=told))
    return UUID(str(told["id"]))


async def add(project_id: UUID, fields: Mapping[str, Any], answer: Answer) -> Told:
    """Store a control in the caller's transaction, which records it: as history tells it."""
    await members.refuse_stranger(project_id, fields.get("owner_id"))
    raised = await hazards_named(project_id, answer.raised)
    plain = control_row(project_id, NewControl(fields["description"], fields["stage"], fields.get("kind")))
    given = {name: value for name, value in fields.items() if value is not None}
    row = {**plain, **given, "brings_hazards": answer.brings_hazards, "brings_hazards_reason": answer.reason}
    await insert_all({CONTROLS: [row]})
    await raise_hazards(row["id"], raised)
    return {**new_control(row), **({"raised": raised} if raised else {})}


async def edit(actor: Actor, project_id: UUID, control_id: UUID, version: int, fields: Mapping[str, Any]) -> None:
    """Change the fields given. OutOfDate when `version` is not the current one: then nothing is changed."""
    async with database.transaction():
        control = await editable(project_id, control_id)
        if control["version"] != version:
            raise OutOfDate
        await members.refuse_stranger(project_id, fields.get("owner_id"))
        if control["state"] is ControlState.VERIFIED and fields.get("evidence") == "":
            await control_evidence.refuse_without(control_id, "")
        await store(actor, control, "control:edit", {**preferred(control, fields), **fields})


def preferred(control: Mapping[str, Any], fields: Mapping[str, Any]) -> dict[str, int | None]:
    """The place that comes with another kind, unless a person had put the control at one of their own."""
    if "kind" not in fields or control["preference"] != DEFAULT_PREFERENCE.get(control["kind"]):
        return {}
    return {"preference": DEFAULT_PREFERENCE.get(fields["kind"])}


async def answer(actor: Actor, project_id: UUID, control_id: UUID, version: int, given: Answer) -> None:
    """Answer the question of clause 6.1.2, also anew; hazards raised earlier and named no more are no longer raised.

    A closed hazard is no hindrance: the question is about the others. OutOfDate as for `edit`.
    """
    async with database.transaction() as connection:
        control = await locked(project_id, control_id)
        if control["version"] != version:
            raise OutOfDate
        before = list((await connection.execute(raised_by(control_id))).scalars())
        raised = await hazards_named(project_id, given.raised)
        await connection.execute(sa.delete(RAISED).where(RAISED.c.control_id == control_id))
        await raise_hazards(control_id, raised)
        values = {"brings_hazards": given.brings_hazards, "brings_hazards_reason": given.reason, "raised": raised}
        await store(actor, {**control, "raised": before}, "control:answer", values)


def raised_by(control_id: UUID) -> sa.Select[Any]:
    joined = RAISED.join(HAZARDS, HAZARDS.c.id == RAISED.c.hazard_id)
    query = sa.select(RAISED.c.hazard_id).select_from(joined).where(RAISED.c.control_id == control_id)
    return query.order_by(HAZARDS.c.number)


async def store(
    actor: Actor, control: Mapping[str, Any], action: str, values: Mapping[str, Any], reason: str | None = None
) -> None:
    """Make the next version of a locked control from the values that are different; without any it stays as it is."""
    after = {name: value for name, value in values.items() if value != control[name]}
    if not after:
        return
    columns = {name: value for name, value in after.items() if name in CONTROLS.c}
    change = sa.update(CONTROLS).where(CONTROLS.c.id == control["id"])
    async with database.connection() as connection:
        await connection.execute(change.values(version=CONTROLS.c.version + 1, **columns))
    upkeep.touched(*(hazard["id"] for hazard in control["hazards"]))
    before = {name: control[name] for name in after}
    of = (control["id"], control["project_id"], control["version"] + 1)
    change_of_control = Change(action, "control", *of, before=before, after=after, reason=reason)
    reworded = await new_words(control) if "description" in after and control["hazards"] else []
    await audit.append(actor, change_of_control, *reworded)


async def new_words(control: Mapping[str, Any]) -> list[Change]:
    """The next version of each hazard that rests on a control whose words were changed just now.

    The form of a hazard holds these words: who has it open is told, as of every other change of what it holds.
    """
    keys = [hazard["id"] for hazard in control["hazards"]]
    earlier, changes = {"description": control["description"]}, []
    for now in (await hazard_told.controls_of(keys)).values():
        before = [{**told, **earlier} if told["id"] == control["id"] else told for told in now]
        changes.append({"before": {"controls": before}, "after": {"controls": now}})
    await hazard_edits.bump_all(keys, {})
    action = "hazard:reword_control"
    both = zip(control["hazards"], changes, strict=True)
    return [hazard_edits.next_version(hazard, action, **told) for hazard, told in both]


async def editable(project_id: UUID, control_id: UUID) -> dict[str, Any]:
    """As `locked`; Conflict where closed hazards rest on the control, as they stay what they were when closed."""
    control = await locked(project_id, control_id)
    closed = [hazard for hazard in control["hazards"] if hazard["status"] is HazardStatus.CLOSED]
    if closed:
        detail = "A closed hazard rests on this control. Nothing was changed."
        told = [f"{hazard_log.reference(hazard['number'])} is closed. Reopen it first" for hazard in closed]
        raise Conflict(detail, problems=[FieldProblem("hazards", text) for text in told])
    return control


async def locked(project_id: UUID, control_id: UUID) -> dict[str, Any]:
    """The control with the `hazards` that rest on it, all locked until the commit; NotFound where none is.

    The hazards go first, in the order of their keys, as a hazard that takes a control on is locked first as well.
    """
    resting = (
        sa.select(*(HAZARDS.c[name] for name in ("id", "project_id", "number", "status", "version")))
        .join(LINKS, LINKS.c.hazard_id == HAZARDS.c.id)
        .where(LINKS.c.control_id == control_id)
        .order_by(HAZARDS.c.id)
    )
    async with database.connection() as connection:
        hazards = (await connection.execute(resting.with_for_update(of=HAZARDS))).mappings().all()
        control = await lock_alone(project_id, control_id)
        now = {hazard.id for hazard in await connection.execute(resting)}
    if now - {hazard["id"] for hazard in hazards}:
        raise Conflict(CHANGED_MEANWHILE)
    return {**control, "hazards": [hazard for hazard in hazards if hazard["id"] in now]}


async def lock_alone(project_id: UUID, control_id: UUID) -> dict[str, Any]:
    """The control alone, for who has locked the hazard that it concerns."""
    query = sa.select(CONTROLS).where(CONTROLS.c.id == control_id, CONTROLS.c.project_id == project_id)
    async with database.connection() as connection:
        row = (await connection.execute(query.with_for_update(key_share=True))).mappings().one_or_none()
    if row is None:
        raise NotFound
    return dict(row)

"""Changing a hazard that is there: edit, assess, close; each raises its version, so no editor overwrites another."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from errors import Conflict, HazardClosed, NotFound, OutOfDate
from models.audit import audit
from models.audit.audit import Actor, Change
from models.comments import hazard_notices
from models.enumerations import ControlStage, HazardStatus, NoticeKind, Stage
from models.hazards import hazard_log, hazard_told, status_rules, upkeep
from models.hazards.hazard_additions import (
    ASSESSMENTS,
    CAUSES,
    CONTROLS,
    HARMS,
    HAZARDS,
    LINKS,
    PROJECTS,
    TYPES,
    NewControl,
    NewRating,
    Rows,
    cause_rows,
    control_row,
    harm_rows,
    insert_all,
    link_row,
    rated,
    rating_row,
    type_rows,
)
from models.hazards.hazard_told import TARGETS
from models.risk import acceptance_state
from models.storage.columns import utc_now
from models.storage.database import database

TOLD = (*NewRating.__dataclass_fields__, "level")
"""What history tells of an assessment."""
COLUMNS = frozenset(
    {"name", "description", "effect", "harm", "condition", "source", "owner", "owner_id", "review_date"}
)
VERBS = {HazardStatus.OPEN: "reopen", HazardStatus.CLOSED: "close", HazardStatus.TRANSFERRED: "transfer"}
ITEMS = {"causes": (CAUSES, cause_rows), "harms": (HARMS, harm_rows)}
TARGET_OF = {CAUSES: TARGETS.c.cause_id, HARMS: TARGETS.c.harm_id, LINKS: TARGETS.c.hazard_control_id}
CONTROL_LISTS = {"existing_controls": ControlStage.EXISTING, "additional_controls": ControlStage.ADDITIONAL}


async def edit(  # noqa: PLR0913 - whose act, on what, and why
    actor: Actor,
    project_id: UUID,
    hazard_id: UUID,
    version: int,
    fields: Mapping[str, Any],
    *,
    reason: str | None = None,
) -> None:
    """Change the fields given. OutOfDate when `version` is not the current one: then nothing is changed."""
    async with database.transaction():
        hazard = await editable(project_id, hazard_id)
        if hazard["version"] != version:
            raise OutOfDate
        by_key = bool(fields.keys() & hazard_told.TEXT_LISTS)
        told = await hazard_told.lists(hazard_id) if by_key else {}
        now = {**hazard, "harms": [harm["description"] for harm in told.get("harms", ())]}
        now |= {name: descriptions(hazard, stage) for name, stage in CONTROL_LISTS.items()}
        given = {**fields, **({"types": hazard_log.in_order(fields["types"])} if "types" in fields else {})}
        after = {name: value for name, value in given.items() if value != now[name]}
        if not after:
            return
        await bump(hazard_id, {name: value for name, value in after.items() if name in COLUMNS})
        new_controls = await replace_lists(hazard, after)
        gone, come = hazard_told.differing(told, await hazard_told.lists(hazard_id, new_controls) if by_key else {})
        before = {**{name: now[name] for name in after if name not in hazard_told.TEXT_LISTS}, **gone}
        after = {**{name: value for name, value in after.items() if name not in hazard_told.TEXT_LISTS}, **come}
        if after.get("owner_id"):
            await hazard_notices.tell(NoticeKind.OWNER, hazard_id, [after["owner_id"]], by=actor.user_id)
        await audit.append(actor, next_version(hazard, "hazard:edit", before=before, after=after, reason=reason))


async def assess(actor: Actor, project_id: UUID, hazard_id: UUID, stage: Stage, rating: NewRating) -> UUID:
    """Judge a hazard anew; the judgement before it is kept and marked as superseded. The assessment's key."""
    async with database.transaction() as connection:
        hazard = await editable(project_id, hazard_id)
        superseded, matrix = hazard[stage.value], hazard["matrix_version"]
        if superseded:
            await connection.execute(
                sa.update(ASSESSMENTS).where(ASSESSMENTS.c.id == superseded["id"]).values(superseded_date=utc_now())
            )
        row = rating_row(actor.user_id, hazard_id, stage, matrix, rating)
        await insert_all({ASSESSMENTS: [row]})
        await bump(hazard_id, {})
        before = {stage.value: {name: superseded[name] for name in TOLD if superseded[name]}} if superseded else None
        after = {stage.value: rated(rating, matrix)}
        await audit.append(actor, next_version(hazard, "hazard:assess", before=before, after=after))
    return UUID(str(row["id"]))


async def set_status(actor: Actor, project_id: UUID, hazard_id: UUID, status: HazardStatus, justification: str) -> None:
    """Conflict when the hazard has that status already, and with its reasons where something stands in the way.

    A hazard that is opened again has to be accepted again (models/hazards/status_rules.py).
    """
    async with database.transaction():
        hazard = await locked(project_id, hazard_id)
        for refused in (await refusals([hazard], status)).values():
            raise refused
        await turn(actor, [hazard], status, justification)


async def refusals(hazards: Sequence[Mapping[str, Any]], status: HazardStatus) -> dict[UUID, Conflict]:
    """Why hazards cannot have that status now, by their keys; those that can are not named."""
    hindrances = await status_rules.hindrances_of(hazards, status)
    found = {}
    for hazard in hazards:
        if hazard["status"] == status:
            found[hazard["id"]] = Conflict(f"{hazard['reference']} is {status.value} already. Nothing was changed.")
        elif problems := hindrances[hazard["id"]]:
            found[hazard["id"]] = Conflict(f"{hazard['reference']} stays {hazard['status'].value}.", problems=problems)
    return found


async def turn(actor: Actor, hazards: Sequence[Mapping[str, Any]], status: HazardStatus, justification: str) -> None:
    """Give hazards that are locked, and have no `refusals`, a status; the same statements for one and for many."""
    await bump_all([hazard["id"] for hazard in hazards], {"status": status, "status_justification": justification})
    reopened = [hazard["id"] for hazard in hazards if status_rules.reopens(hazard["status"], status)]
    ended = await acceptance_state.withdraw(*reopened)
    changes = []
    for hazard in hazards:
        before: dict[str, Any] = {"status": hazard["status"]}
        after: dict[str, Any] = {"status": status}
        if hazard["id"] in ended:
            before, after = {**before, "acceptance": ended[hazard["id"]]}, {**after, "acceptance": None}
        told = {"before": before, "after": after, "reason": justification}
        changes.append(next_version(hazard, f"hazard:{VERBS[status]}", **told))
    await audit.append(actor, *changes)


async def locked(project_id: UUID, hazard_id: UUID) -> dict[str, Any]:
    """The hazard in full with the matrix of its project, its row locked until the commit; NotFound where none is."""
    lock = (
        sa.select(PROJECTS.c.matrix_version)
        .join(HAZARDS, HAZARDS.c.project_id == PROJECTS.c.id)
        .where(HAZARDS.c.id == hazard_id, HAZARDS.c.project_id == project_id)
        .with_for_update(of=HAZARDS)
    )
    async with database.connection() as connection:
        matrix = (await connection.execute(lock)).scalar_one_or_none()
    hazard = await hazard_log.hazard(project_id, hazard_id) if matrix else None
    if hazard is None:
        raise NotFound
    return {**hazard, "matrix_version": matrix}


async def editable(project_id: UUID, hazard_id: UUID) -> dict[str, Any]:
    """As `locked`, and HazardClosed where it is: the triggers of the database would refuse every change."""
    hazard = await locked(project_id, hazard_id)
    if hazard["status"] is HazardStatus.CLOSED:
        raise HazardClosed
    return hazard


async def bump(hazard_id: UUID, columns: Mapping[str, Any]) -> None:
    await bump_all([hazard_id], columns)


async def bump_all(keys: Sequence[UUID], columns: Mapping[str, Any]) -> None:
    """The same columns of all of them."""
    change = sa.update(HAZARDS).where(HAZARDS.c.id.in_(keys)).values(version=HAZARDS.c.version + 1, **columns)
    async with database.connection() as connection:
        await connection.execute(change)
    upkeep.touched(*keys)


def next_version(hazard: Mapping[str, Any], action: str, **told: Any) -> Change:
    """The change that makes a hazard's next version; `told` are before, after and reason."""
    return Change(action, "hazard", hazard["id"], hazard["project_id"], hazard["version"] + 1, **told)


def descriptions(hazard: Mapping[str, Any], stage: ControlStage) -> list[str]:
    return [control["description"] for control in hazard["controls"] if control["stage"] is stage]


async def replace_lists(hazard: Mapping[str, Any], after: Mapping[str, Any]) -> Rows:
    """Store the lists that changed; a cause or control that is still named keeps its record and its evidence.

    The rows of the controls that are new with it.
    """
    for name, (table, rows_of) in ITEMS.items():
        if name in after:
            await replace_items(table, hazard["id"], rows_of(hazard["id"], after[name]))
    if "types" in after:
        async with database.connection() as connection:
            await connection.execute(sa.delete(TYPES).where(TYPES.c.hazard_id == hazard["id"]))
        await insert_all({TYPES: type_rows(hazard["id"], after["types"])})
    return await replace_controls(hazard, after) if after.keys() & CONTROL_LISTS.keys() else []


async def replace_items(table: sa.Table, hazard_id: UUID, wanted: Rows) -> None:
    """Of causes or harms."""
    there = sa.select(table.c.id, table.c.description).where(table.c.hazard_id == hazard_id)
    async with database.connection() as connection:
        known = [(row.id, row.description) for row in await connection.execute(there.order_by(table.c.position))]
    keys = matched(known, [row["description"] for row in wanted])
    await arrange(table.c.id, hazard_id, keys)
    await insert_all({table: [row for key, row in zip(keys, wanted, strict=True) if key is None]})


async def replace_controls(hazard: Mapping[str, Any], after: Mapping[str, Any]) -> Rows:
    """A control that is named no more is taken off the hazard; its record stays with the project."""
    keys: list[UUID | None] = []
    controls: list[NewControl] = []
    for name, stage in CONTROL_LISTS.items():
        known = [(control["id"], control["description"]) for control in hazard["controls"] if control["stage"] is stage]
        wanted = after.get(name, [description for _, description in known])
        keys += matched(known, wanted)
        controls += [NewControl(description, stage) for description in wanted]
    await arrange(LINKS.c.control_id, hazard["id"], keys)
    places = [(place, control) for place, (key, control) in enumerate(zip(keys, controls, strict=True), 1) if not key]
    rows = [control_row(hazard["project_id"], control) for _, control in places]
    links = [link_row(hazard["id"], row["id"], place) for row, (place, _) in zip(rows, places, strict=True)]
    await insert_all({CONTROLS: rows, LINKS: links})
    return rows


def matched(known: Sequence[tuple[UUID, str]], wanted: Sequence[str]) -> list[UUID | None]:
    """For each wanted text the record that says it, each record once; None where there is none."""
    free: dict[str, list[UUID]] = {}
    for key, text in known:
        free.setdefault(text, []).append(key)
    return [free[text].pop(0) if free.get(text) else None for text in wanted]


async def arrange(key: sa.Column[UUID], hazard_id: UUID, keys: Sequence[UUID | None]) -> None:
    """Put the rows that are kept at their places among `keys`, and take the others off the hazard."""
    table = key.table
    place: sa.BindParameter[int] = sa.bindparam("place")
    mine = table.c.hazard_id == hazard_id
    places = [{"kept": found, "place": number} for number, found in enumerate(keys, 1) if found]
    gone = sa.and_(mine, key.not_in([kept["kept"] for kept in places]))
    async with database.connection() as connection:
        await connection.execute(sa.delete(TARGETS).where(TARGET_OF[table].in_(sa.select(table.c.id).where(gone))))
        await connection.execute(sa.delete(table).where(gone))
        if places:
            move = sa.update(table).where(mine, key == sa.bindparam("kept"), table.c.position != place)
            await connection.execute(move.values(position=place), places)

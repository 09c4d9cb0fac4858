"""What an acceptance of risk is bound to: all that makes up the risk of a hazard, in a form that can be hashed."""

from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from models.audit.audit_chain import canonical
from models.controls.controls import ControlTarget
from models.evidence.evidence import Evidence, EvidenceLink
from models.hazards.hazard_log import ASSESSMENTS, CAUSES, CONTROLS, HAZARDS, LINKS, TYPES
from models.hazards.hazards import PotentialHarm
from models.risk.acceptances import AlarpRecord
from models.storage.database import database

HARMS = PotentialHarm.ormar_config.table
TARGETS = ControlTarget.ormar_config.table
EVIDENCE = Evidence.ormar_config.table
EVIDENCE_LINKS = EvidenceLink.ormar_config.table
ALARP = AlarpRecord.ormar_config.table
Content = dict[str, Any]

TEXTS = ("name", "description", "effect", "harm", "condition", "source")
OF_CONTROL = (
    "description", "stage", "kind", "preference", "state", "responsible", "organisation", "brings_hazards",
    "brings_hazards_reason", "evidence",
)  # fmt: skip
OF_RATING = (
    "severity", "likelihood", "level", "matrix_version", "justification", "severity_justification",
    "likelihood_justification",
)  # fmt: skip
OF_EVIDENCE = ("title", "url", "sha256")
OF_ALARP = ("option", "impracticality", "judgement")


def digest(content: Content) -> str:
    """SHA-256 over the canonical JSON, in hexadecimal."""
    return sha256(canonical(content)).hexdigest()


async def contents(keys: Sequence[UUID]) -> dict[UUID, Content]:
    """The content of each hazard: eight statements. Order, owner, status and keys make no difference to the risk."""
    found = {row["id"]: blank(row) for row in await rows(sa.select(HAZARDS).where(HAZARDS.c.id.in_(keys)))}
    for row in await rows(of(TYPES, keys)):
        found[row["hazard_id"]]["types"].append(row["name"])
    for row in await rows(of(CAUSES, keys)):
        found[row["hazard_id"]]["causes"].append(picked(row, ("description", "status")))
    for row in await rows(of(HARMS, keys)):
        found[row["hazard_id"]]["harms"].append(row["description"])
    for row in await rows(of(ALARP, keys)):
        found[row["hazard_id"]]["alarp"].append(picked(row, OF_ALARP))
    for row in await rows(of(ASSESSMENTS, keys).where(ASSESSMENTS.c.superseded_date.is_(None))):
        found[row["hazard_id"]][row["stage"].value] = picked(row, OF_RATING)
    for hazard_id, control in await controls(keys):
        found[hazard_id]["controls"].append(control)
    return {key: in_order(content) for key, content in found.items()}


def blank(hazard: Mapping[Any, Any]) -> Content:
    lists: Content = {name: [] for name in ("types", "causes", "harms", "alarp", "controls")}
    return {**picked(hazard, TEXTS), **lists, "initial": None, "residual": None}


async def controls(keys: Sequence[UUID]) -> list[tuple[UUID, Content]]:
    """The controls of hazards with what they act on and what shows that they are there and work."""
    joined = LINKS.join(CONTROLS, CONTROLS.c.id == LINKS.c.control_id)
    names = [CONTROLS.c[name] for name in OF_CONTROL]
    query = sa.select(LINKS.c.id, LINKS.c.hazard_id, LINKS.c.control_id, *names).select_from(joined)
    found = await rows(query.where(LINKS.c.hazard_id.in_(keys)))
    made = {row["id"]: {**picked(row, OF_CONTROL), "acts_on": [], "files_and_links": []} for row in found}
    for row in await rows(targets_of(keys)):
        made[row["hazard_control_id"]]["acts_on"].append(row["description"])
    links: dict[UUID, list[UUID]] = {}
    for row in found:
        links.setdefault(row["control_id"], []).append(row["id"])
    for row in await rows(evidence_of(keys)):
        for link in links[row["control_id"]]:
            made[link]["files_and_links"].append(picked(row, ("purpose", *OF_EVIDENCE)))
    return [(row["hazard_id"], in_order(made[row["id"]])) for row in found]


def targets_of(keys: Sequence[UUID]) -> sa.Select[Any]:
    joined = (
        TARGETS.join(LINKS, LINKS.c.id == TARGETS.c.hazard_control_id)
        .outerjoin(CAUSES, CAUSES.c.id == TARGETS.c.cause_id)
        .outerjoin(HARMS, HARMS.c.id == TARGETS.c.harm_id)
    )
    words = sa.func.coalesce(CAUSES.c.description, HARMS.c.description).label("description")
    return sa.select(TARGETS.c.hazard_control_id, words).select_from(joined).where(LINKS.c.hazard_id.in_(keys))


def evidence_of(keys: Sequence[UUID]) -> sa.Select[Any]:
    mine = sa.select(LINKS.c.control_id).where(LINKS.c.hazard_id.in_(keys))
    joined = EVIDENCE_LINKS.join(EVIDENCE, EVIDENCE.c.id == EVIDENCE_LINKS.c.evidence_id)
    names = [EVIDENCE.c[name] for name in OF_EVIDENCE]
    query = sa.select(EVIDENCE_LINKS.c.control_id, EVIDENCE_LINKS.c.purpose, *names).select_from(joined)
    return query.where(EVIDENCE_LINKS.c.control_id.in_(mine))


def of(table: sa.Table, keys: Sequence[UUID]) -> sa.Select[Any]:
    return sa.select(table).where(table.c.hazard_id.in_(keys))


async def rows(query: sa.Select[Any]) -> Sequence[Mapping[Any, Any]]:
    async with database.connection() as connection:
        return list((await connection.execute(query)).mappings())


def picked(row: Mapping[Any, Any], names: Iterable[str]) -> Content:
    return {name: row[name] for name in names}


def in_order(content: Content) -> Content:
    return {
        name: sorted(value, key=lambda entry: canonical({"": entry})) if isinstance(value, list) else value
        for name, value in content.items()
    }

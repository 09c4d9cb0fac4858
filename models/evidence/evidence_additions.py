"""Adds evidence to a project, attaches it to what it is about, takes it off again; what was added stays for good."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, BinaryIO
from uuid import UUID

import sqlalchemy as sa

from errors import Conflict, NotFound
from models.audit import audit
from models.audit.audit import Actor, Change
from models.controls import control_evidence
from models.enumerations import EvidenceKind, EvidencePurpose
from models.evidence.evidence_about import EVIDENCE, Targets, hold
from models.evidence.evidence_content import Content
from models.evidence.evidence_store import evidence_store, relying
from models.hazards.hazard_log import EVIDENCE_LINKS
from models.storage.columns import new_id
from models.storage.database import database

TARGETS = ("hazard_id", "control_id", "assessment_id")


@dataclass(frozen=True)
class NewEvidence:
    """Either `content`, which `file` holds, or `link`."""

    title: str
    description: str = ""
    link: str | None = None
    content: Content | None = None

    def row(self) -> dict[str, Any]:
        said = {"title": self.title, "description": self.description}
        if self.content is None:
            return {"kind": EvidenceKind.LINK, **said, "url": self.link}
        return {"kind": EvidenceKind.FILE, **said, **asdict(self.content)}


async def create(  # noqa: PLR0913 - what, from whom, where, about what, what for
    actor: Actor, project_id: UUID, new: NewEvidence, targets: Targets, purpose: EvidencePurpose, file: BinaryIO | None
) -> UUID:
    """Store evidence with what it is about, all or nothing; NotFound and HazardClosed as `evidence_about.hold`.

    Of the same content there is one object, whatever the number of pieces; Unavailable when it cannot be stored.
    """
    key = new_id()
    if file and new.content:
        await evidence_store.keep(new.content.sha256, new.content.size, file)
    async with database.transaction() as connection:
        if file and new.content:
            await relying()
            await evidence_store.keep(new.content.sha256, new.content.size, file)
        held = await hold(project_id, targets)
        row = {"id": key, "project_id": project_id, "created_by_id": actor.user_id, **new.row()}
        await connection.execute(sa.insert(EVIDENCE).values(**row))
        await insert_links(key, purpose, targets.rows())
        changes = await held.changes("evidence")
        await audit.append(actor, Change("evidence:create", "evidence", key, project_id, after=new.row()), *changes)
    return key


async def attach(actor: Actor, project_id: UUID, evidence_id: UUID, targets: Targets, purpose: EvidencePurpose) -> None:
    """Conflict when it is attached to all of them for this purpose already; else what is new is stored."""
    async with database.transaction():
        await lock(project_id, evidence_id)
        there = [targets_of(row) for row in await links(evidence_id) if row["purpose"] is purpose]
        new = [row for row in targets.rows() if targets_of(row) not in there]
        if not new:
            raise Conflict("It is attached there already, for that purpose. Nothing was changed.")
        held = await hold(project_id, Targets(*([key for row in new if (key := row[name])] for name in TARGETS)))
        await insert_links(evidence_id, purpose, new)
        await audit.append(actor, *await held.changes("evidence"))


async def detach(actor: Actor, project_id: UUID, evidence_id: UUID, link_id: UUID, reason: str) -> None:
    """The evidence stays, and history tells where it was; NotFound when it has no such link.

    Conflict where a control that is verified would lose what it was verified by (DCB0129 6.3.2, 6.3.3).
    """
    async with database.transaction() as connection:
        await lock(project_id, evidence_id)
        link = next((row for row in await links(evidence_id) if row["id"] == link_id), None)
        if link is None:
            raise NotFound
        held = await hold(project_id, targets_of(link), taken_off=True)
        await connection.execute(sa.delete(EVIDENCE_LINKS).where(EVIDENCE_LINKS.c.id == link_id))
        for control in held.controls:
            await control_evidence.refuse_unproven(control)
        await audit.append(actor, *await held.changes("detach_evidence", reason))


def targets_of(link: Mapping[str, Any]) -> Targets:
    return Targets(*([link[name]] if link[name] else [] for name in TARGETS))


async def lock(project_id: UUID, evidence_id: UUID) -> None:
    """Of two who attach it to the same thing, the second sees what the first did."""
    found = sa.select(EVIDENCE.c.id).where(EVIDENCE.c.id == evidence_id, EVIDENCE.c.project_id == project_id)
    async with database.connection() as connection:
        if (await connection.execute(found.with_for_update())).one_or_none() is None:
            raise NotFound


async def links(evidence_id: UUID) -> list[dict[str, Any]]:
    async with database.connection() as connection:
        found = await connection.execute(sa.select(EVIDENCE_LINKS).where(EVIDENCE_LINKS.c.evidence_id == evidence_id))
        return [dict(row) for row in found.mappings()]


async def insert_links(evidence_id: UUID, purpose: EvidencePurpose, targets: list[dict[str, UUID | None]]) -> None:
    rows = [{"id": new_id(), "evidence_id": evidence_id, "purpose": purpose, **target} for target in targets]
    if rows:
        async with database.connection() as connection:
            await connection.execute(sa.insert(EVIDENCE_LINKS), rows)

"""The hazard log: hazards with their causes, harms and types (DCB0129 3.3, 4.3)."""

import datetime as dt
import uuid

import ormar
import sqlalchemy as sa

from models.enumerations import CauseStatus, Condition, HazardLinkKind, HazardStatus, IdentificationSource
from models.projects.projects import Project
from models.storage.columns import JSONB, EnumText, foreign_key, primary_key
from models.storage.database import table
from models.storage.dates import DateFieldsMixins
from models.users.users import User


class Hazard(DateFieldsMixins, ormar.Model):
    """`number` is ours, `recorded_number` the one that an imported log gave it; `version` guards edits.

    `recorded` keeps, by its heading, what an imported log said in columns that Turva has no field for. `owner` is a
    name as it was written, `owned_by` the member who owns it. `copied_from` says where a copied hazard comes from:
    project, reference, version, when. Triggers hold a closed hazard, and all that belongs to it, fast until it is
    reopened; no hazard is ever deleted.
    """

    ormar_config = table(
        "hazards",
        ormar.UniqueColumns("project_id", "number"),
        ormar.IndexColumns("project_id", "status", "number", name="ix_hazards_project_id_status_number"),
        ormar.IndexColumns("owner_id", "status", name="ix_hazards_owner_id_status"),
    )

    id: uuid.UUID = primary_key()
    project: Project = foreign_key(Project, "project_id", index=False)
    number: int = ormar.Integer()
    name: str = ormar.String(max_length=300)
    description: str = ormar.Text(default="", sql_nullable=False)
    effect: str = ormar.Text(default="", sql_nullable=False)
    harm: str = ormar.Text(default="", sql_nullable=False)
    condition: Condition | None = EnumText(Condition, nullable=True)
    status: HazardStatus = EnumText(HazardStatus, default=HazardStatus.OPEN)
    status_justification: str | None = ormar.Text(nullable=True)
    source: IdentificationSource | None = EnumText(IdentificationSource, nullable=True)
    owner: str = ormar.Text(default="", sql_nullable=False)
    owned_by: User | None = foreign_key(User, "owner_id", nullable=True, index=False)
    review_date: dt.date | None = ormar.Date(nullable=True)
    copied_from: dict[str, str] | None = JSONB(nullable=True)
    recorded_number: str | None = ormar.Text(nullable=True)
    recorded: dict[str, str] | None = JSONB(nullable=True)
    identified_date: dt.date | None = ormar.Date(nullable=True)
    version: int = ormar.Integer(default=1, sql_nullable=False)


class Cause(DateFieldsMixins, ormar.Model):
    """May be closed on its own, when nothing is left to do about it."""

    ormar_config = table("causes")

    id: uuid.UUID = primary_key()
    hazard: Hazard = foreign_key(Hazard, "hazard_id")
    position: int = ormar.Integer()
    description: str = ormar.Text()
    status: CauseStatus = EnumText(CauseStatus, default=CauseStatus.OPEN)
    status_justification: str | None = ormar.Text(nullable=True)


class PotentialHarm(DateFieldsMixins, ormar.Model):
    """One of several outcomes, where a team tells them apart; `Hazard.harm` is the sentence of the log.

    Ormar would take a model called Harm for that field.
    """

    ormar_config = table("harms")

    id: uuid.UUID = primary_key()
    hazard: Hazard = foreign_key(Hazard, "hazard_id")
    position: int = ormar.Integer()
    description: str = ormar.Text()


class HazardType(DateFieldsMixins, ormar.Model):
    """A word that a project sorts its hazards by; a hazard may bear several."""

    ormar_config = table("hazard_types", ormar.UniqueColumns("hazard_id", "name"))

    id: uuid.UUID = primary_key()
    hazard: Hazard = foreign_key(Hazard, "hazard_id", index=False)
    name: str = ormar.String(max_length=200)


class HazardLink(DateFieldsMixins, ormar.Model):
    """Two hazards of one project that have to do with each other; a duplicate points at the hazard that stays."""

    ormar_config = table(
        "hazard_links",
        ormar.UniqueColumns("hazard_id", "other_id"),
        sa.CheckConstraint("hazard_id <> other_id", name="two_hazards"),
    )

    id: uuid.UUID = primary_key()
    hazard: Hazard = foreign_key(Hazard, "hazard_id", index=False)
    other: Hazard = foreign_key(Hazard, "other_id")
    kind: HazardLinkKind = EnumText(HazardLinkKind)


class ProjectHazardType(DateFieldsMixins, ormar.Model):
    """A type that a project added to the published list of models/hazards/hazard_types.py."""

    ormar_config = table("project_hazard_types", ormar.UniqueColumns("project_id", "name"))

    id: uuid.UUID = primary_key()
    project: Project = foreign_key(Project, "project_id", index=False)
    name: str = ormar.String(max_length=200)

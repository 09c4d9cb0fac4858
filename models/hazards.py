"""The hazard log: hazards with their causes and types (DCB0129 3.3, 4.3)."""

import datetime as dt
import uuid

import ormar

from models.columns import JSONB, EnumText, foreign_key, primary_key
from models.database import table
from models.dates import DateFieldsMixins
from models.enumerations import Condition, HazardStatus
from models.projects import Project


class Hazard(DateFieldsMixins, ormar.Model):
    """`number` is ours, `recorded_number` the one that an imported log gave it; `version` guards edits.

    `recorded` keeps, by its heading, what an imported log said in columns that Turva has no field for.
    """

    ormar_config = table(
        "hazards",
        ormar.UniqueColumns("project_id", "number"),
        ormar.IndexColumns("project_id", "status", "number", name="ix_hazards_project_id_status_number"),
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
    owner: str = ormar.Text(default="", sql_nullable=False)
    recorded_number: str | None = ormar.Text(nullable=True)
    recorded: dict[str, str] | None = JSONB(nullable=True)
    identified_date: dt.date | None = ormar.Date(nullable=True)
    version: int = ormar.Integer(default=1, sql_nullable=False)


class Cause(DateFieldsMixins, ormar.Model):
    ormar_config = table("causes")

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

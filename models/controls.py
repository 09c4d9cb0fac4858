"""What is done about hazards; one control may serve several (DCB0129 6.1)."""

import uuid

import ormar

from models.columns import EnumText, foreign_key, primary_key
from models.database import table
from models.dates import DateFieldsMixins
from models.enumerations import ControlKind, ControlStage, ControlState
from models.hazards import Hazard
from models.projects import Project


class Control(DateFieldsMixins, ormar.Model):
    ormar_config = table("controls")

    id: uuid.UUID = primary_key()
    project: Project = foreign_key(Project, "project_id")
    description: str = ormar.Text()
    evidence: str = ormar.Text(default="", sql_nullable=False)
    kind: ControlKind | None = EnumText(ControlKind, nullable=True)
    stage: ControlStage = EnumText(ControlStage)
    state: ControlState = EnumText(ControlState)


class HazardControl(DateFieldsMixins, ormar.Model):
    """Written out because Ormar's automatic table between two models allows NULL and the same pair twice."""

    ormar_config = table("hazard_controls", ormar.UniqueColumns("hazard_id", "control_id"))

    id: uuid.UUID = primary_key()
    hazard: Hazard = foreign_key(Hazard, "hazard_id", index=False)
    control: Control = foreign_key(Control, "control_id")
    position: int = ormar.Integer()

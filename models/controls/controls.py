"""What is done about hazards; one control may serve several (DCB0129 6.1)."""

import datetime as dt
import uuid

import ormar
import sqlalchemy as sa

from models.enumerations import ControlKind, ControlStage, ControlState, Party
from models.hazards.hazards import Cause, Hazard, PotentialHarm
from models.projects.projects import Project
from models.storage.columns import EnumText, foreign_key, primary_key
from models.storage.database import table
from models.storage.dates import DateFieldsMixins
from models.users.users import User

PREFERENCES = {
    1: "Design change or protective measure",
    2: "Verification and validation of the product",
    3: "Administrative and implementation procedure",
    4: "Training and briefing",
    5: "Information for safety, warnings among it",
}
"""The order in which mechanisms are to be chosen, the best first (DCB0129 implementation guidance, 6.1)."""
DEFAULT_PREFERENCE = {
    ControlKind.DESIGN: 1,
    ControlKind.TEST: 2,
    ControlKind.BUSINESS_PROCESS: 3,
    ControlKind.TRAINING: 4,
}
"""Where a kind stands in it, unless a person says otherwise; information has no kind of its own."""


class Control(DateFieldsMixins, ormar.Model):
    """`preference` is the place in the official order, 1 the best (guidance 6.1).

    `evidence` is what was written about evidence; files and links are models/evidence/evidence.py. `brings_hazards`
    answers the question of clause 6.1.2, None while nobody has been asked. `version` guards edits.
    """

    ormar_config = table("controls", sa.CheckConstraint("preference BETWEEN 1 AND 5", name="preference"))

    id: uuid.UUID = primary_key()
    project: Project = foreign_key(Project, "project_id")
    description: str = ormar.Text()
    evidence: str = ormar.Text(default="", sql_nullable=False)
    kind: ControlKind | None = EnumText(ControlKind, nullable=True)
    preference: int | None = ormar.SmallInteger(nullable=True)
    stage: ControlStage = EnumText(ControlStage)
    state: ControlState = EnumText(ControlState)
    state_justification: str | None = ormar.Text(nullable=True)
    responsible: Party | None = EnumText(Party, nullable=True)
    organisation: str = ormar.String(max_length=300, default="", sql_nullable=False)
    owned_by: User | None = foreign_key(User, "owner_id", nullable=True)
    due_date: dt.date | None = ormar.Date(nullable=True)
    brings_hazards: bool | None = ormar.Boolean(nullable=True)
    brings_hazards_reason: str = ormar.Text(default="", sql_nullable=False)
    version: int = ormar.Integer(default=1, sql_nullable=False)


class HazardControl(DateFieldsMixins, ormar.Model):
    """Written out because Ormar's automatic table between two models allows NULL and the same pair twice."""

    ormar_config = table("hazard_controls", ormar.UniqueColumns("hazard_id", "control_id"))

    id: uuid.UUID = primary_key()
    hazard: Hazard = foreign_key(Hazard, "hazard_id", index=False)
    control: Control = foreign_key(Control, "control_id")
    position: int = ormar.Integer()


class ControlTarget(DateFieldsMixins, ormar.Model):
    """What a control of a hazard acts on: a cause, then it prevents, or a harm, then it mitigates."""

    ormar_config = table(
        "control_targets",
        sa.CheckConstraint("(cause_id IS NULL) <> (harm_id IS NULL)", name="cause_or_harm"),
        sa.Index("ix_control_targets_link_cause", "hazard_control_id", "cause_id", unique=True),
        sa.Index("ix_control_targets_link_harm", "hazard_control_id", "harm_id", unique=True),
    )

    id: uuid.UUID = primary_key()
    hazard_control: HazardControl = foreign_key(HazardControl, "hazard_control_id", index=False)
    cause: Cause | None = foreign_key(Cause, "cause_id", nullable=True)
    harm: PotentialHarm | None = foreign_key(PotentialHarm, "harm_id", nullable=True)


class RaisedHazard(DateFieldsMixins, ormar.Model):
    """A hazard that a control brings or changes (DCB0129 6.1.2, 6.1.3)."""

    ormar_config = table("raised_hazards", ormar.UniqueColumns("control_id", "hazard_id"))

    id: uuid.UUID = primary_key()
    control: Control = foreign_key(Control, "control_id", index=False)
    hazard: Hazard = foreign_key(Hazard, "hazard_id")

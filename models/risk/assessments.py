"""How bad and how likely a hazard is judged to be; a new assessment supersedes, none is edited (DCB0129 4.4, 6.1.4)."""

import datetime as dt
import uuid

import ormar
import sqlalchemy as sa

from models.enumerations import Likelihood, Severity, Stage
from models.hazards.hazards import Hazard
from models.storage.columns import EnumText, UTCDateTime, foreign_key, primary_key
from models.storage.database import table
from models.storage.dates import DateFieldsMixins
from models.users.users import User

CURRENT = sa.text("superseded_date IS NULL")


class RiskAssessment(DateFieldsMixins, ormar.Model):
    """`level` is derived by `matrix_version`; `recorded_level` is what an imported log said, right or wrong."""

    ormar_config = table(
        "risk_assessments",
        sa.CheckConstraint("level BETWEEN 1 AND 5", name="level"),
        sa.Index(
            "ix_risk_assessments_current",
            "hazard_id",
            "stage",
            unique=True,
            postgresql_where=CURRENT,
            sqlite_where=CURRENT,
        ),
    )

    id: uuid.UUID = primary_key()
    hazard: Hazard = foreign_key(Hazard, "hazard_id")
    stage: Stage = EnumText(Stage)
    severity: Severity = EnumText(Severity)
    likelihood: Likelihood = EnumText(Likelihood)
    level: int = ormar.SmallInteger()
    recorded_level: int | None = ormar.SmallInteger(nullable=True)
    matrix_version: str = ormar.String(max_length=50)
    justification: str = ormar.Text(default="", sql_nullable=False)
    severity_justification: str = ormar.Text(default="", sql_nullable=False)
    likelihood_justification: str = ormar.Text(default="", sql_nullable=False)
    assessed_by: User | None = foreign_key(User, "assessed_by_id", nullable=True)
    superseded_date: dt.datetime | None = UTCDateTime(nullable=True)

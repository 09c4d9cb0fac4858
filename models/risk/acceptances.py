"""Who accepted which residual risk, why, and of exactly which state (DCB0129 6.4.1, DCB0160 2.2.2)."""

import datetime as dt
import uuid
from typing import Any

import ormar
import sqlalchemy as sa

from models.enumerations import Capacity
from models.hazards.hazards import Hazard
from models.risk.assessments import RiskAssessment
from models.storage.columns import JSONB, EnumText, UTCDateTime, foreign_key, primary_key
from models.storage.database import table
from models.storage.dates import DateFieldsMixins
from models.users.users import User

IN_FORCE = sa.text("withdrawn_date IS NULL")


class RiskAcceptance(DateFieldsMixins, ormar.Model):
    """`content` is the state that was accepted and `content_hash` its SHA-256; `stale_date` is when the hazard left it.

    What was accepted is never edited: a new acceptance, or a reopened hazard, withdraws the one before.
    """

    ormar_config = table(
        "risk_acceptances",
        sa.CheckConstraint("length(content_hash) = 64", name="content_hash_length"),
        sa.CheckConstraint("level BETWEEN 1 AND 3", name="level"),
        sa.Index(
            "ix_risk_acceptances_in_force",
            "hazard_id",
            unique=True,
            postgresql_where=IN_FORCE,
            sqlite_where=IN_FORCE,
        ),
    )

    id: uuid.UUID = primary_key()
    hazard: Hazard = foreign_key(Hazard, "hazard_id")
    assessment: RiskAssessment = foreign_key(RiskAssessment, "assessment_id")
    level: int = ormar.SmallInteger()
    rationale: str = ormar.Text()
    alternatives: str = ormar.Text()
    judgement: str = ormar.Text()
    capacity: Capacity = EnumText(Capacity)
    accepted_by: User = foreign_key(User, "accepted_by_id")
    content: dict[str, Any] = JSONB()
    content_hash: str = ormar.String(max_length=64)
    stale_date: dt.datetime | None = UTCDateTime(nullable=True)
    withdrawn_date: dt.datetime | None = UTCDateTime(nullable=True)


class AlarpRecord(DateFieldsMixins, ormar.Model):
    """Why a further reduction of a risk of level 2 or 3 is impractical (guidance, table 10); added to, never edited."""

    ormar_config = table("alarp_records")

    id: uuid.UUID = primary_key()
    hazard: Hazard = foreign_key(Hazard, "hazard_id")
    option: str = ormar.Text()
    impracticality: str = ormar.Text()
    judgement: str = ormar.Text()
    recorded_by: User = foreign_key(User, "recorded_by_id")

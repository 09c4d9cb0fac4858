"""Files and links that show that a control is there and works, or support what is written (DCB0129 3.1.3, 6.3)."""

import uuid

import ormar
import sqlalchemy as sa

from models.controls.controls import Control
from models.enumerations import EvidenceKind, EvidencePurpose
from models.hazards.hazards import Hazard
from models.projects.projects import Project
from models.risk.assessments import RiskAssessment
from models.storage.columns import EnumText, foreign_key, primary_key
from models.storage.database import table
from models.storage.dates import DateFieldsMixins
from models.users.users import User


class Evidence(DateFieldsMixins, ormar.Model):
    """A file, kept by the hash of its content outside the database, or a link. It is never deleted or changed."""

    ormar_config = table(
        "evidence",
        sa.CheckConstraint("(sha256 IS NULL) = (url IS NOT NULL)", name="file_or_link"),
        sa.CheckConstraint("length(sha256) = 64", name="sha256_length"),
    )

    id: uuid.UUID = primary_key()
    project: Project = foreign_key(Project, "project_id")
    kind: EvidenceKind = EnumText(EvidenceKind)
    title: str = ormar.String(max_length=300)
    description: str = ormar.Text(default="", sql_nullable=False)
    url: str | None = ormar.Text(nullable=True)
    file_name: str | None = ormar.String(max_length=300, nullable=True)
    media_type: str | None = ormar.String(max_length=100, nullable=True)
    size: int | None = ormar.BigInteger(nullable=True)
    sha256: str | None = ormar.String(max_length=64, nullable=True, index=True)
    created_by: User = foreign_key(User, "created_by_id")


class EvidenceLink(DateFieldsMixins, ormar.Model):
    """What a piece of evidence is about: a hazard, a control, or an assessment."""

    ormar_config = table(
        "evidence_links",
        sa.CheckConstraint(
            "(CASE WHEN hazard_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN control_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN assessment_id IS NULL THEN 0 ELSE 1 END) = 1",
            name="one_target",
        ),
    )

    id: uuid.UUID = primary_key()
    evidence: Evidence = foreign_key(Evidence, "evidence_id")
    purpose: EvidencePurpose = EnumText(EvidencePurpose)
    hazard: Hazard | None = foreign_key(Hazard, "hazard_id", nullable=True)
    control: Control | None = foreign_key(Control, "control_id", nullable=True)
    assessment: RiskAssessment | None = foreign_key(RiskAssessment, "assessment_id", nullable=True)

"""The tables and the rules that guard them; importing this package makes every table known to `metadata`."""

from models.assessments import RiskAssessment
from models.audit import AuditEntry
from models.controls import Control, HazardControl
from models.hazards import Cause, Hazard, HazardType
from models.imports import Import
from models.projects import Project, ProjectMember
from models.sessions import Session, SessionActivity
from models.users import User

__all__ = [
    "AuditEntry",
    "Cause",
    "Control",
    "Hazard",
    "HazardControl",
    "HazardType",
    "Import",
    "Project",
    "ProjectMember",
    "RiskAssessment",
    "Session",
    "SessionActivity",
    "User",
]

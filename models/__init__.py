"""The tables and the rules that guard them; importing this package makes every table known to `metadata`."""

from models.assessments import RiskAssessment
from models.audit_chain import AuditEntry, AuditHead
from models.controls import Control, HazardControl
from models.factors import FactorRequirement, Passkey, RecoveryCode, TotpSecret
from models.hazards import Cause, Hazard, HazardType
from models.imports import Import
from models.mail_messages import MailMessage
from models.projects import Project, ProjectMember
from models.scheduled_runs import ScheduledRun
from models.sessions import Session, SessionActivity
from models.single_use_tokens import SingleUseToken
from models.throttles import Throttle
from models.users import User, UserPicture

__all__ = [
    "AuditEntry",
    "AuditHead",
    "Cause",
    "Control",
    "FactorRequirement",
    "Hazard",
    "HazardControl",
    "HazardType",
    "Import",
    "MailMessage",
    "Passkey",
    "Project",
    "ProjectMember",
    "RecoveryCode",
    "RiskAssessment",
    "ScheduledRun",
    "Session",
    "SessionActivity",
    "SingleUseToken",
    "Throttle",
    "TotpSecret",
    "User",
    "UserPicture",
]

"""The tables and the rules that guard them; importing this package makes every table known to `metadata`."""

from models.audit.audit_chain import AuditEntry, AuditHead
from models.comments.comments import Comment, Mention, Notice, Reading
from models.controls.controls import Control, ControlTarget, HazardControl, RaisedHazard
from models.evidence.evidence import Evidence, EvidenceLink
from models.hazards.hazard_search import HazardSearch
from models.hazards.hazards import Cause, Hazard, HazardLink, HazardType, PotentialHarm, ProjectHazardType
from models.projects.drafts import Draft
from models.projects.imports import Import
from models.projects.projects import Project, ProjectMember
from models.risk.acceptances import AlarpRecord, RiskAcceptance
from models.risk.assessments import RiskAssessment
from models.storage.scheduled_runs import ScheduledRun
from models.users.factors import FactorRequirement, Passkey, RecoveryCode, TotpSecret
from models.users.mail_messages import MailMessage
from models.users.sessions import Session, SessionActivity
from models.users.single_use_tokens import SingleUseToken
from models.users.throttles import Throttle
from models.users.users import User, UserPicture

__all__ = [
    "AlarpRecord",
    "AuditEntry",
    "AuditHead",
    "Cause",
    "Comment",
    "Control",
    "ControlTarget",
    "Draft",
    "Evidence",
    "EvidenceLink",
    "FactorRequirement",
    "Hazard",
    "HazardControl",
    "HazardLink",
    "HazardSearch",
    "HazardType",
    "Import",
    "MailMessage",
    "Mention",
    "Notice",
    "Passkey",
    "PotentialHarm",
    "Project",
    "ProjectHazardType",
    "ProjectMember",
    "RaisedHazard",
    "Reading",
    "RecoveryCode",
    "RiskAcceptance",
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

"""The tables and the rules that guard them; importing this package makes every table known to `metadata`."""

from models.acceptances import AlarpRecord, RiskAcceptance
from models.assessments import RiskAssessment
from models.audit_chain import AuditEntry, AuditHead
from models.comments import Comment, Mention, Notice, Reading
from models.controls import Control, ControlTarget, HazardControl, RaisedHazard
from models.drafts import Draft
from models.evidence import Evidence, EvidenceLink
from models.factors import FactorRequirement, Passkey, RecoveryCode, TotpSecret
from models.hazard_search import HazardSearch
from models.hazards import Cause, Hazard, HazardLink, HazardType, PotentialHarm, ProjectHazardType
from models.imports import Import
from models.mail_messages import MailMessage
from models.projects import Project, ProjectMember
from models.scheduled_runs import ScheduledRun
from models.sessions import Session, SessionActivity
from models.single_use_tokens import SingleUseToken
from models.throttles import Throttle
from models.users import User, UserPicture

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

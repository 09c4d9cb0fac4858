"""The closed lists of the domain: what is stored and sent is the value, never the name in Python."""

from enum import StrEnum


class Standard(StrEnum):
    """DCB0129 binds the manufacturer, DCB0160 the organisation that deploys."""

    DCB0129 = "DCB0129"
    DCB0160 = "DCB0160"


class Visibility(StrEnum):
    PRIVATE = "private"
    PUBLIC = "public"


class Role(StrEnum):
    """What a person may do in one project."""

    OWNER = "owner"
    CSO = "cso"
    CONTRIBUTOR = "contributor"
    REVIEWER = "reviewer"
    VIEWER = "viewer"


class HazardStatus(StrEnum):
    """DCB0129 implementation guidance, table 5."""

    OPEN = "open"
    TRANSFERRED = "transferred"
    CLOSED = "closed"


class Condition(StrEnum):
    """A hazard can come from normal use or from a fault (DCB0129 4.3.1)."""

    NORMAL = "normal"
    FAULT = "fault"


class IdentificationSource(StrEnum):
    """How a hazard was found (DCB0129 4.3.1, implementation guidance)."""

    WORKSHOP = "workshop"
    SIMILAR_SYSTEM = "similar_system"
    INCIDENT = "incident"
    MISUSE = "misuse"
    FAILURE_MODE = "failure_mode"
    CHANGE = "change"
    CONTROL = "control"
    OTHER = "other"


class CauseStatus(StrEnum):
    OPEN = "open"
    CLOSED = "closed"


class HazardLinkKind(StrEnum):
    """What one hazard is to another; a duplicate needs no assessment of its own to be closed."""

    RELATED = "related"
    DUPLICATE = "duplicate"


class Stage(StrEnum):
    """Initial risk counts existing controls only; residual risk counts the additional ones too."""

    INITIAL = "initial"
    RESIDUAL = "residual"


class Severity(StrEnum):
    """From the least to the worst harm; the order is part of the meaning."""

    MINOR = "minor"
    SIGNIFICANT = "significant"
    CONSIDERABLE = "considerable"
    MAJOR = "major"
    CATASTROPHIC = "catastrophic"


class Likelihood(StrEnum):
    """From the least to the most likely; the order is part of the meaning."""

    VERY_LOW = "very_low"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    VERY_HIGH = "very_high"


class HarmKind(StrEnum):
    """What could happen to a patient, as the definitions of the severities name it."""

    DEATH = "death"
    PERMANENT_INCAPACITY = "permanent_incapacity"
    SEVERE_INJURY = "severe_injury"
    SEVERE_TRAUMA = "severe_trauma"
    SIGNIFICANT_TRAUMA = "significant_trauma"
    MINOR_INJURY = "minor_injury"
    UPSET = "upset"
    NEGLIGIBLE = "negligible"


class Patients(StrEnum):
    ONE = "one"
    SEVERAL = "several"


class Recovery(StrEnum):
    """Whether an injured patient is expected to recover in the short term."""

    QUICK = "quick"
    SLOW = "slow"


class ControlKind(StrEnum):
    """In the order of preference: design takes the hazard away, a business process only asks people to."""

    DESIGN = "design"
    TEST = "test"
    TRAINING = "training"
    BUSINESS_PROCESS = "business_process"


class ControlStage(StrEnum):
    """An existing control counts in the initial risk, an additional one only in the residual risk."""

    EXISTING = "existing"
    ADDITIONAL = "additional"


class ControlState(StrEnum):
    PROPOSED = "proposed"
    AGREED = "agreed"
    IMPLEMENTED = "implemented"
    VERIFIED = "verified"
    WITHDRAWN = "withdrawn"


class Party(StrEnum):
    """The side that has to act on a control; whose actions are left decides the status (guidance, table 5)."""

    MANUFACTURER = "manufacturer"
    DEPLOYER = "deployer"


class EvidenceKind(StrEnum):
    FILE = "file"
    LINK = "link"


class EvidencePurpose(StrEnum):
    """What evidence shows about a control (DCB0129 6.3.2, 6.3.3), or that it only supports what is written."""

    IMPLEMENTATION = "implementation"
    EFFECTIVENESS = "effectiveness"
    SUPPORT = "support"


class Capacity(StrEnum):
    """In which capacity a risk is accepted: as CSO (DCB0129), or for the organisation (DCB0160 2.2.2)."""

    CSO = "cso"
    EXECUTIVE = "executive"


class NoticeKind(StrEnum):
    """Why somebody is told of a hazard."""

    MENTION = "mention"
    COMMENT = "comment"
    OWNER = "owner"
    STALE = "stale"


class NoticesByMail(StrEnum):
    """How often a person's notices are sent by mail as well."""

    NEVER = "never"
    AT_ONCE = "at_once"
    DAILY = "daily"


class SessionKind(StrEnum):
    """How the credential of a session travels: a browser's cookie, a program's token, a grant to another service."""

    BROWSER = "browser"
    TOKEN = "token"  # noqa: S105 - the name of a kind, not a secret
    GRANT = "grant"


class Audience(StrEnum):
    """To whom a person shows their name or email address, from the fewest to the most."""

    NOBODY = "nobody"
    MEMBERS = "members"
    SIGNED_IN = "signed_in"
    EVERYONE = "everyone"


class Purpose(StrEnum):
    """What a secret that works once is for."""

    VERIFY_EMAIL = "verify_email"
    CHANGE_EMAIL = "change_email"
    RESET_PASSWORD = "reset_password"  # noqa: S105 - the name of a purpose, not a secret
    INVITATION = "invitation"
    SECOND_FACTOR = "second_factor"
    PASSKEY = "passkey"


class Factors(StrEnum):
    """What a person proved when a session began (RFC 8176, `amr`); all but the first are two factors."""

    PASSWORD = "password"  # noqa: S105 - the name of a factor, not a secret
    PASSWORD_TOTP = "password_totp"  # noqa: S105
    PASSWORD_RECOVERY = "password_recovery"  # noqa: S105
    PASSWORD_PASSKEY = "password_passkey"  # noqa: S105
    PASSKEY = "passkey"


class FactorRole(StrEnum):
    """Whom an administrator may require to have a second factor."""

    ADMINISTRATOR = "administrator"
    CSO = "cso"
    EVERYONE = "everyone"


class TokenScope(StrEnum):
    """What a program's token may do, never more than its person may."""

    READ = "read"
    WRITE = "write"
    MEMBERS = "members"
    OPS = "ops"

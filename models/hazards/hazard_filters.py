"""Which hazards of a project are asked for, and in which order: the filters of the log as conditions."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from models.enumerations import ControlStage, ControlState, HazardStatus, Likelihood, Severity, Stage
from models.evidence.evidence import EvidenceLink
from models.hazards import hazard_search
from models.hazards.hazard_log import (
    ASSESSMENTS,
    CONTROLS,
    HAZARDS,
    INITIAL,
    LEVEL,
    LIKELIHOOD,
    LINKS,
    RATED,
    REFERENCE,
    RESIDUAL,
    SEVERITY,
    TYPES,
)
from models.risk.acceptances import RiskAcceptance
from models.storage.columns import utc_now
from models.users.people import USERS, Viewer

ACCEPTANCES = RiskAcceptance.ormar_config.table
EVIDENCE = EvidenceLink.ormar_config.table

MEMBER = (
    sa.select(sa.func.lower(USERS.c.first_name + " " + USERS.c.last_name))
    .where(USERS.c.id == HAZARDS.c.owner_id)
    .scalar_subquery()
)
"""The member who owns a hazard, to sort by."""
SORTS: dict[str, sa.ColumnElement[Any]] = {
    "number": HAZARDS.c.number,
    "name": sa.func.lower(HAZARDS.c.name),
    "status": HAZARDS.c.status,
    "owner": sa.func.coalesce(MEMBER, sa.func.lower(HAZARDS.c.owner)),
    "level": sa.func.coalesce(LEVEL, 0),
    "initial": sa.func.coalesce(INITIAL.c.level, 0),
    "residual": sa.func.coalesce(RESIDUAL.c.level, 0),
    "updated": HAZARDS.c.updated_date,
}
RATINGS: dict[Stage | None, tuple[sa.ColumnElement[Any], ...]] = {
    None: (LEVEL, SEVERITY, LIKELIHOOD),
    Stage.INITIAL: (INITIAL.c.level, INITIAL.c.severity, INITIAL.c.likelihood),
    Stage.RESIDUAL: (RESIDUAL.c.level, RESIDUAL.c.severity, RESIDUAL.c.likelihood),
}
RISK_SORTS = {"level", "initial", "residual"}
MOST_REFERENCES = 5
"""Words of a search that may be the number of a hazard; each costs a look of its own."""
WAITING = (ControlState.PROPOSED, ControlState.AGREED)
IN_PLACE = (ControlState.IMPLEMENTED, ControlState.VERIFIED)


@dataclass(frozen=True)
class HazardFilter:
    """Which hazards of a project; None leaves a property out of account, and so does naming no status or level."""

    search: str = ""
    status: tuple[HazardStatus, ...] = ()
    level: tuple[int, ...] = ()
    type: str | None = None
    owner: str | None = None
    owner_id: UUID | None = None
    severity: Severity | None = None
    likelihood: Likelihood | None = None
    stage: Stage | None = None
    """Of which rating level, severity and likelihood are; None is the one that counts now."""
    unassessed: bool | None = None
    stale: bool | None = None
    evidence_missing: bool | None = None
    overdue: bool | None = None
    review_overdue: bool | None = None
    owned: bool | None = None
    """Whether a member owns it, and not only somebody in words."""
    sort: str = "number"
    """A key of SORTS; a minus in front turns the order round."""

    @property
    def by_risk(self) -> bool:
        """Whether it takes the assessments to tell; joining them doubles the work of a count."""
        return bool(self.level) or self.severity is not None or self.likelihood is not None

    @property
    def counted(self) -> sa.FromClause:
        return RATED if self.by_risk else HAZARDS

    @property
    def sorted(self) -> sa.FromClause:
        return RATED if self.by_risk or self.sort.removeprefix("-") in RISK_SORTS else HAZARDS


def conditions(project_id: UUID, wanted: HazardFilter, viewer: Viewer) -> list[sa.ColumnElement[bool]]:
    """The WHERE of a list, over RATED. A search looks into comments for members of the project alone."""
    level, severity, likelihood = RATINGS[wanted.stage]
    exact = {
        HAZARDS.c.owner_id: wanted.owner_id,
        severity: wanted.severity,
        likelihood: wanted.likelihood,
    }
    any_of = {HAZARDS.c.status: wanted.status, level: wanted.level}
    found = [HAZARDS.c.project_id == project_id]
    found += [column == value for column, value in exact.items() if value is not None]
    found += [column.in_(values) for column, values in any_of.items() if values]
    if wanted.owner is not None:
        # A form sends line ends its own way (HTML Living Standard, 4.10.21.8), and a program may have stored its own.
        found.append(HAZARDS.c.owner.in_({wanted.owner, wanted.owner.replace("\r\n", "\n")}))
    if wanted.type is not None:
        found.append(HAZARDS.c.id.in_(sa.select(TYPES.c.hazard_id).where(TYPES.c.name == wanted.type)))
    of_project = CONTROLS.c.project_id == project_id
    yes_or_no = {
        unassessed(): wanted.unassessed,
        stale(): wanted.stale,
        evidence_missing(of_project): wanted.evidence_missing,
        overdue(of_project): wanted.overdue,
        review_overdue(): wanted.review_overdue,
        HAZARDS.c.owner_id.is_not(None): wanted.owned,
    }
    found += [condition if value else ~condition for condition, value in yes_or_no.items() if value is not None]
    return found + searched(project_id, wanted.search, spoken=viewer.colleague)


def unassessed() -> sa.ColumnElement[bool]:
    """Nobody judged its risk yet."""
    return ~sa.exists().where(ASSESSMENTS.c.hazard_id == HAZARDS.c.id)


def stale() -> sa.ColumnElement[bool]:
    """The acceptance in force was given to another state than the present one."""
    in_force = ACCEPTANCES.c.withdrawn_date.is_(None)
    return sa.exists().where(ACCEPTANCES.c.hazard_id == HAZARDS.c.id, in_force, ACCEPTANCES.c.stale_date.is_not(None))


def evidence_missing(controls: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    """An additional control is said to be in place, and neither a word nor a file or link shows it (DCB0129 6.3)."""
    shown = sa.exists().where(EVIDENCE.c.control_id == CONTROLS.c.id)
    bare = (CONTROLS.c.stage == ControlStage.ADDITIONAL, CONTROLS.c.evidence == "", ~shown)
    return having(controls, CONTROLS.c.state.in_(IN_PLACE), *bare)


def overdue(controls: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    """Its review, or a control that is not in place yet, was due before today (UTC); nothing closed is overdue."""
    late = sa.or_(review_overdue(), having(controls, control_overdue()))
    return sa.and_(HAZARDS.c.status != HazardStatus.CLOSED, late)


def review_overdue() -> sa.ColumnElement[bool]:
    late = sa.func.coalesce(HAZARDS.c.review_date < utc_now().date(), sa.false())
    return sa.and_(HAZARDS.c.status != HazardStatus.CLOSED, late)


def control_overdue() -> sa.ColumnElement[bool]:
    """Of a control; NULL without a day."""
    return sa.and_(CONTROLS.c.state.in_(WAITING), CONTROLS.c.due_date < utc_now().date())


def having(*controls: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    """The hazards with such a control; named by the controls of one project, it costs what that project has of them."""
    joined = CONTROLS.join(LINKS, LINKS.c.control_id == CONTROLS.c.id)
    return HAZARDS.c.id.in_(sa.select(LINKS.c.hazard_id).select_from(joined).where(*controls))


def searched(project_id: UUID, search: str, *, spoken: bool) -> list[sa.ColumnElement[bool]]:
    """All words must be found; a word that may be a reference also finds the hazard of that number.

    Signs say nothing: beside a word they are left out, alone they find nothing.
    """
    words = list(dict.fromkeys(search.split()))
    referring = [word for word in words if REFERENCE.fullmatch(word)][:MOST_REFERENCES]
    rest = " ".join(word for word in words if word not in referring)
    found = [numbered(project_id, word, spoken=spoken) for word in referring]
    keys = hazard_search.mentioning(project_id, rest, spoken=spoken)
    if keys is not None:
        found.append(HAZARDS.c.id.in_(keys))
    return found if found or not words else [sa.false()]


def numbered(project_id: UUID, word: str, *, spoken: bool) -> sa.ColumnElement[bool]:
    other, number = HAZARDS.alias("numbered"), int(word.upper().removeprefix("HAZ-"))
    same = sa.select(other.c.id).where(other.c.project_id == project_id, other.c.number == number)
    keys = hazard_search.mentioning(project_id, word, spoken=spoken)
    return HAZARDS.c.id.in_(same if keys is None else sa.union_all(same, keys))


def ordering(sort: str, *, mirrored: bool = False) -> list[sa.ColumnElement[Any]]:
    """By the column and then by the number, so that no two hazards are equal; `mirrored` is the very reverse."""
    column, number = SORTS[sort.removeprefix("-")], HAZARDS.c.number
    falls = sort.startswith("-") != mirrored
    return [column.desc() if falls else column.asc(), number.desc() if mirrored else number.asc()]

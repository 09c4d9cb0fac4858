"""A project is one health IT system; its members are those who may work on it."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import ormar
import sqlalchemy as sa

from models.audit import audit
from models.audit.audit import Actor, Change
from models.enumerations import Role, Standard, Visibility
from models.risk.risk_matrix import OFFICIAL
from models.storage.columns import EnumText, UTCDateTime, foreign_key, primary_key
from models.storage.database import database, table
from models.storage.dates import DateFieldsMixins
from models.users.users import User


class Project(DateFieldsMixins, ormar.Model):
    """`next_hazard_number` only grows: the number of a hazard is never given twice. `version` guards edits."""

    ormar_config = table("projects")

    id: uuid.UUID = primary_key()
    name: str = ormar.String(max_length=200)
    description: str = ormar.Text(default="", sql_nullable=False)
    standard: Standard = EnumText(Standard)
    visibility: Visibility = EnumText(Visibility, default=Visibility.PRIVATE)
    matrix_version: str = ormar.String(max_length=50)
    next_hazard_number: int = ormar.Integer(default=1, sql_nullable=False)
    archived_date: datetime | None = UTCDateTime(nullable=True)
    version: int = ormar.Integer(default=1, sql_nullable=False)
    created_by: User = foreign_key(User, "created_by_id")


class ProjectMember(DateFieldsMixins, ormar.Model):
    """`is_executive` is the authority to accept risk for the organisation that deploys (DCB0160 2.2.2)."""

    ormar_config = table("project_members", ormar.UniqueColumns("project_id", "user_id"))

    id: uuid.UUID = primary_key()
    project: Project = foreign_key(Project, "project_id", index=False)
    user: User = foreign_key(User, "user_id")
    role: Role = EnumText(Role)
    is_executive: bool = ormar.Boolean(default=False, sql_nullable=False)


PROJECTS = Project.ormar_config.table
MEMBERS = ProjectMember.ormar_config.table


@dataclass(frozen=True, slots=True)
class VisibleProject:
    """A project as one caller sees it; `role` is None for who sees it only because it is public."""

    id: uuid.UUID
    name: str
    description: str
    standard: Standard
    visibility: Visibility
    matrix_version: str
    archived_date: datetime | None
    version: int
    created_date: datetime
    updated_date: datetime
    role: Role | None


SEEN = [PROJECTS.c[name] for name in VisibleProject.__slots__ if name != "role"] + [MEMBERS.c.role]


def seen_by(user_id: uuid.UUID | None) -> sa.Select[Any]:
    """The projects that a user may see, with the role in each; without a user the public ones."""
    membership = sa.and_(MEMBERS.c.project_id == PROJECTS.c.id, MEMBERS.c.user_id == user_id)
    visible = sa.or_(MEMBERS.c.id.is_not(None), PROJECTS.c.visibility == Visibility.PUBLIC)
    return sa.select(*SEEN).select_from(PROJECTS.outerjoin(MEMBERS, membership)).where(visible)


async def visible(project_id: uuid.UUID, user_id: uuid.UUID | None) -> VisibleProject | None:
    async with database.connection() as connection:
        row = (await connection.execute(seen_by(user_id).where(PROJECTS.c.id == project_id))).one_or_none()
    return None if row is None else VisibleProject(*row)


async def page(
    user_id: uuid.UUID | None, search: str, page_number: int, limit: int, *, archived: bool | None = None
) -> tuple[Sequence[VisibleProject], int]:
    """The projects that a user may see, by name, archived ones last, and how many there are in all."""
    found = seen_by(user_id)
    if archived is not None:
        found = found.where(PROJECTS.c.archived_date.is_not(None) if archived else PROJECTS.c.archived_date.is_(None))
    if search:
        found = found.where(PROJECTS.c.name.icontains(search, autoescape=True))
    ordered = found.order_by(PROJECTS.c.archived_date.is_not(None), sa.func.lower(PROJECTS.c.name), PROJECTS.c.id)
    async with database.connection() as connection:
        total = (await connection.execute(sa.select(sa.func.count()).select_from(found.subquery()))).scalar_one()
        rows = (await connection.execute(ordered.limit(limit).offset((page_number - 1) * limit))).all()
    return [VisibleProject(*row) for row in rows], total


async def create(actor: Actor, owner_id: uuid.UUID, **fields: Any) -> uuid.UUID:
    """Store a project whose owner is its first member; the project's key."""
    async with database.transaction():
        project = await Project.objects.create(**fields, matrix_version=OFFICIAL, created_by=owner_id)
        await ProjectMember.objects.create(project=project.id, user=owner_id, role=Role.OWNER)
        after = {**fields, "matrix_version": OFFICIAL, "owner": str(owner_id)}
        await audit.append(actor, Change("project:create", "project", project.id, project.id, 1, after=after))
    return project.id


async def lock(project_id: uuid.UUID) -> None:
    """What must not happen twice at once in a project waits here for its turn, until the commit."""
    row = sa.select(PROJECTS.c.id).where(PROJECTS.c.id == project_id)
    async with database.connection() as connection:
        await connection.execute(row.with_for_update(key_share=True))

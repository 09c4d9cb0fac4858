"""Which project a command is about, and who may act in it: by the same permissions as on the page."""

from typing import NamedTuple
from uuid import UUID

import sqlalchemy as sa

from authentication.permissions import PERMISSIONS, allows
from errors import Conflict, NotAllowed, NotFound, ProjectArchived
from models.audit.audit import Actor
from models.projects import projects
from models.projects.projects import PROJECTS, VisibleProject
from models.storage.database import database
from models.users import accounts

HELP = "its name, or the identifier at the end of its address"
WHO = "in whose name: a member who may do this"


class Named(NamedTuple):
    id: UUID
    name: str


async def find(named: str) -> Named:
    """The key and name of a project; NotFound, or Conflict where several have the name."""
    try:
        which = PROJECTS.c.id == UUID(named)
    except ValueError:
        which = sa.func.lower(PROJECTS.c.name) == named.strip().lower()
    async with database.connection() as connection:
        query = sa.select(PROJECTS.c.id, PROJECTS.c.name).where(which).order_by(PROJECTS.c.id)
        found = (await connection.execute(query)).all()
    if not found:
        raise NotFound("There is no such project. `projects list` shows them all.")
    if len(found) > 1:
        raise Conflict(f"Several projects have this name. Give one of: {', '.join(str(row.id) for row in found)}")
    return Named(*found[0])


async def member(email_address: str, project_id: UUID, permission: str) -> tuple[Actor, VisibleProject]:
    """Who acts, and in what. NotFound for who does not see the project, NotAllowed for who may not do this there."""
    user = await accounts.by_email_address(email_address)
    may_act = user is not None and user.is_active and user.is_verified
    project = await projects.visible(project_id, user.id) if user and may_act else None
    if user is None or project is None:
        raise NotFound("There is no such project for this email address. Check both.")
    if project.role not in PERMISSIONS[permission]:
        raise NotAllowed
    if not allows(permission, project.role, archived=project.archived_date is not None):
        raise ProjectArchived
    return Actor(user.id, request_id="command line"), project

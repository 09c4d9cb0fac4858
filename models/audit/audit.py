"""Who did what, when, in which session: rows that are only ever added."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
import sqlalchemy as sa

from errors import NotAllowed, NotFound, NotSignedIn, ProjectArchived
from models.audit import audit_chain
from models.audit.audit_chain import AuditEntry, written
from models.enumerations import Role
from models.storage.database import database
from models.users.sessions import Session

ENTRIES = AuditEntry.ormar_config.table
SESSIONS = Session.ormar_config.table


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a user in a session, or the command line with neither; in a project by a `role`."""

    user_id: uuid.UUID | None = None
    session_id: uuid.UUID | None = None
    request_id: str | None = None
    role: Role | None = None


COMMAND_LINE = Actor(request_id="command line")


@dataclass(frozen=True, slots=True)
class Change:
    """One change as history tells it: `action` is entity:verb, `before` and `after` hold only what is different.

    Who makes thousands at once may have them `audit_chain.written` already.
    """

    action: str
    entity: str
    entity_id: uuid.UUID | None = None
    project_id: uuid.UUID | None = None
    version: int | None = None
    before: Mapping[str, Any] | orjson.Fragment | None = None
    after: Mapping[str, Any] | orjson.Fragment | None = None
    reason: str | None = None


SESSION: sa.BindParameter[uuid.UUID] = sa.bindparam("session", type_=sa.Uuid())
FENCE = (
    sa.select(SESSIONS.c.id).where(SESSIONS.c.id == SESSION, SESSIONS.c.revoked_at.is_(None)).with_for_update(read=True)
)
MEMBERS = sa.table("project_members", sa.column("project_id"), sa.column("user_id"), sa.column("role"))
PROJECTS = sa.table("projects", sa.column("id"), sa.column("archived_date"))
"""Named once more: models/projects/projects.py records its changes here, so it cannot be imported."""
PROJECT: sa.BindParameter[uuid.UUID] = sa.bindparam("project", type_=sa.Uuid())
USER: sa.BindParameter[uuid.UUID | None] = sa.bindparam("user", type_=sa.Uuid())
# Whoever archives a project locks its row FOR UPDATE: that waits for these, and these for that.
ROLE = (
    sa.select(PROJECTS.c.archived_date, MEMBERS.c.role)
    .join_from(MEMBERS, PROJECTS, PROJECTS.c.id == MEMBERS.c.project_id)
    .where(MEMBERS.c.project_id == PROJECT, MEMBERS.c.user_id == USER)
    .with_for_update(read=True, of=MEMBERS)
    .suffix_with("FOR KEY SHARE OF projects", dialect="postgresql")
)
ARCHIVED = (
    sa.select(PROJECTS.c.archived_date).where(PROJECTS.c.id == PROJECT).with_for_update(read=True, key_share=True)
)
OWN_STANDING = frozenset({"project:archive", "project:transfer"})
"""Changes, beside those of members, that may end what they are checked by: who makes them calls `keep_role` first."""


async def append(actor: Actor, *changes: Change, fenced: bool = True) -> None:
    """Record changes in the caller's transaction.

    It locks the actor's session against revocation until the commit, so that no write of a revoked session becomes
    visible; NotSignedIn when the session has ended. `fenced=False` is for a change that ends that very session.
    A role in a project is held in the same way (`keep_role`), except by OWN_STANDING, which do it first.
    The entries are chained to their streams when the transaction is about to commit, all of it at once, so that others
    wait as short as can be and nobody has to mind an order. RuntimeError outside a transaction: a change and its
    record stand or fall together.
    """
    if database.get_transaction_connection() is None:
        message = "a change must be recorded inside the transaction that makes it"
        raise RuntimeError(message)
    if fenced and actor.session_id is not None:
        await fence(actor)
    checked = [change for change in changes if change.entity != "member" and change.action not in OWN_STANDING]
    for project_id in {change.project_id for change in checked}:
        await keep_role(actor, project_id)
    database.authors.add(actor.user_id)
    database.before_commit(audit_chain.store, *(entry_of(actor, change) for change in changes))


async def fence(actor: Actor) -> None:
    """Lock the actor's session until the commit; NotSignedIn when it has ended."""
    if actor.session_id is None:
        return
    async with database.connection() as connection:
        if (await connection.execute(FENCE, {SESSION.key: actor.session_id})).one_or_none() is None:
            raise NotSignedIn


async def keep_role(actor: Actor, project_id: uuid.UUID | None) -> None:
    """Lock the role by which the actor was let in until the commit, as a file may take a minute to be read meanwhile.

    NotFound when it was taken from them since, NotAllowed when it is another one now, ProjectArchived when nothing in
    the project may change any more; that holds for the command line as well, which has no role.
    """
    if project_id is None:
        return
    async with database.connection() as connection:
        if actor.role is None:
            archived = (await connection.execute(ARCHIVED, {PROJECT.key: project_id})).scalar_one_or_none()
        else:
            values = {PROJECT.key: project_id, USER.key: actor.user_id}
            found = (await connection.execute(ROLE, values)).one_or_none()
            if found is None:
                raise NotFound
            if found.role != actor.role:
                message = "Your role in this project was changed just now. Nothing was stored. Open the page again."
                raise NotAllowed(message)
            archived = found.archived_date
    if archived is not None:
        raise ProjectArchived


def entry_of(actor: Actor, change: Change) -> dict[str, Any]:
    return {
        "user_id": actor.user_id,
        "session_id": actor.session_id,
        "request_id": actor.request_id,
        "project_id": change.project_id,
        "action": change.action,
        "entity": change.entity,
        "entity_id": change.entity_id,
        "entity_version": change.version,
        "before": written(change.before),
        "after": written(change.after),
        "reason": change.reason,
    }

"""Whom people show their name and email address to: every query that shows a person to others asks here."""

import uuid
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from models.enumerations import Audience
from models.projects.projects import MEMBERS
from models.users.users import User

USERS = User.ormar_config.table
UNNAMED = "A member of this project"
"""What stands for somebody who does not show their name to who looks."""


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks. `member_id` is None for an address that nobody verified, as for memberships everywhere.

    `colleague` says that they look at a project as a member of it: who wrote in it was a member too, and signs for
    what they wrote, so the other members see their name also after they left (DCB0129 3.3.1).
    """

    user_id: uuid.UUID | None = None
    member_id: uuid.UUID | None = None
    colleague: bool = False


ANYONE = Viewer()


def shown(audience: sa.ColumnElement[Any], viewer: Viewer) -> sa.ColumnElement[bool]:
    """Whether who looks is among those to whom a person shows what `audience` guards; everyone sees their own."""
    reached = {
        Audience.MEMBERS: viewer.colleague,
        Audience.SIGNED_IN: viewer.user_id is not None,
        Audience.EVERYONE: True,
    }
    ways: list[sa.ColumnElement[bool]] = [audience.in_([name for name, reaches in reached.items() if reaches])]
    if viewer.user_id is not None:
        ways.append(USERS.c.id == viewer.user_id)
    if viewer.member_id is not None and not viewer.colleague:
        ways.append(sa.and_(audience == Audience.MEMBERS, share_a_project(USERS.c.id, viewer.member_id)))
    return sa.or_(*ways)


def share_a_project(person: sa.ColumnElement[Any], other: uuid.UUID) -> sa.ColumnElement[bool]:
    theirs, mine = MEMBERS.alias("theirs"), MEMBERS.alias("mine")
    both = theirs.join(mine, mine.c.project_id == theirs.c.project_id)
    return sa.exists().select_from(both).where(theirs.c.user_id == person, mine.c.user_id == other)


def name(viewer: Viewer) -> sa.ColumnElement[Any]:
    """The name of a person as who looks may see it; NULL where an outer join found no person."""
    whole = USERS.c.first_name + " " + USERS.c.last_name
    return sa.case((USERS.c.id.is_(None), None), (shown(USERS.c.name_shown_to, viewer), whole), else_=UNNAMED)


def email_address(viewer: Viewer) -> sa.ColumnElement[Any]:
    """The address of a person, NULL for whom they do not show it to."""
    return sa.case((shown(USERS.c.email_shown_to, viewer), USERS.c.email_address), else_=None)

"""Letters about notices: one at once for what a transaction tells somebody, or one a day with all that is not read yet.

They name the project and the reference of a hazard and link to it, and say nothing clinical: anybody may see a screen.
"""

from collections.abc import Sequence
from datetime import timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from mail import outbox
from models.comments import hazard_notices
from models.comments.hazard_notices import HAZARDS, NOTICES, OPEN
from models.enumerations import NoticeKind, NoticesByMail
from models.hazards import hazard_log
from models.projects.projects import PROJECTS
from models.storage import scheduled_runs
from models.storage.columns import utc_now
from models.storage.database import database
from models.users.people import USERS

NAME = "notices"
EVERY = timedelta(days=1)
LEASE = timedelta(minutes=5)
MOST = 50
"""Notices that one letter lists; of the others it says how many there are."""
WORDS = {
    NoticeKind.MENTION: "Somebody mentioned you in a comment",
    NoticeKind.COMMENT: "There is a new comment",
    NoticeKind.OWNER: "You own this hazard now",
    NoticeKind.STALE: "Your acceptance of its risk is out of date",
}
WAITING = sa.and_(NOTICES.c.mailed_date.is_(None), NOTICES.c.read_date.is_(None), USERS.c.is_active)
READERS = OPEN.join(USERS, USERS.c.id == NOTICES.c.user_id)


def bind() -> None:
    """Have the notices of this process sent; without it they wait for the letter of the day."""
    hazard_notices.letters = at_once


async def at_once(keys: Sequence[UUID]) -> int:
    """Queue a letter to each person about these notices of theirs, in the caller's transaction; how many letters."""
    return await queue(NOTICES.c.id.in_(keys))


async def queue(which: sa.ColumnElement[bool]) -> int:
    about = READERS.join(HAZARDS, HAZARDS.c.id == NOTICES.c.hazard_id)
    names = ("user_id", "kind", "comment_id", "hazard_id", "project_id")
    person = (USERS.c.email_address, USERS.c.first_name)
    query = (
        sa.select(*(NOTICES.c[name] for name in names), *person, HAZARDS.c.number, PROJECTS.c.name.label("project"))
        .select_from(about.join(PROJECTS, PROJECTS.c.id == NOTICES.c.project_id))
        .where(WAITING, which)
        .order_by(NOTICES.c.user_id, NOTICES.c.created_date, NOTICES.c.id)
    )
    async with database.connection() as connection:
        rows = (await connection.execute(query)).mappings().all()
        people = [list(mine) for _, mine in groupby(rows, key=lambda row: row["user_id"])]
        for mine in people:
            await outbox.queue("notices", mine[0]["email_address"], **letter(mine))
        await connection.execute(sa.update(NOTICES).where(which).values(mailed_date=utc_now()))
    return len(people)


def letter(mine: Sequence[Any]) -> dict[str, Any]:
    """What the letter to one person says."""
    told = [
        {
            "words": WORDS[row["kind"]],
            "reference": hazard_log.reference(row["number"]),
            "project": row["project"],
            "link": outbox.link(hazard_notices.where(row)),
        }
        for row in mine[:MOST]
    ]
    settings = outbox.link("/account/notices/")
    return {"first_name": mine[0]["first_name"], "notices": told, "count": len(mine), "settings": settings}


async def digest(every: timedelta = EVERY) -> int | None:
    """The letters of the day; None when another node writes them, or did less than `every` ago. How many letters.

    Each person's letter and the mark on their notices are one transaction: who dies in between repeats nothing.
    """
    if not await scheduled_runs.claim(NAME, every, LEASE):
        return None
    count = 0
    for user_id in await readers():
        async with database.transaction():
            count += await queue(sa.and_(NOTICES.c.user_id == user_id, NOTICES.c.mailed_date.is_(None)))
        await scheduled_runs.extend(NAME, LEASE)
    await scheduled_runs.finish(NAME, {"letters": count})
    return count


async def readers() -> Sequence[UUID]:
    """Who has something to read, and wants it by mail today as before."""
    wanted = USERS.c.notices_by_mail != NoticesByMail.NEVER
    query = sa.select(NOTICES.c.user_id).select_from(READERS).where(WAITING, wanted).distinct()
    async with database.connection() as connection:
        return (await connection.execute(query.order_by(NOTICES.c.user_id))).scalars().all()

"""Removes what has served: old sessions, secrets, throttles, drafts, mail, files of nobody; one node at a time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa

from config import Settings
from models.audit import audit
from models.audit.audit import Actor, Change
from models.evidence import evidence_clean_up
from models.projects.drafts import DRAFTS, KEPT
from models.storage import scheduled_runs
from models.storage.columns import utc_now
from models.storage.database import database
from models.users.mail_messages import MailMessage
from models.users.sessions import Session, SessionActivity
from models.users.single_use_tokens import SingleUseToken
from models.users.throttles import Throttle

NAME = "clean_up"
ACTOR = Actor(request_id="clean-up")
EVERY = timedelta(days=1)
BATCH = 500
"""Rows that are removed in one transaction, so that nobody waits long for what it locks."""
LEASE = timedelta(minutes=5)
TOKENS_KEPT = timedelta(days=7)
"""How long an operator can see that a link was used or ran out; it opens nothing any more."""
THROTTLES_KEPT = timedelta(days=7)
"""The longest wait is minutes, so a week later nothing is left that could slow anybody down."""

SESSIONS, ACTIVITY = Session.ormar_config.table, SessionActivity.ormar_config.table
TOKENS, THROTTLES = SingleUseToken.ormar_config.table, Throttle.ormar_config.table
MESSAGES = MailMessage.ormar_config.table


@dataclass(frozen=True, slots=True)
class Rule:
    """Rows of `table` go when one of `ended` is longer ago than `kept`; first the rows whose `parts` refer to them."""

    table: sa.Table
    kept: timedelta
    ended: tuple[sa.Column[object], ...]
    parts: tuple[sa.Column[object], ...] = ()
    entity: str = ""
    """By which history tells of it; of what is no evidence it tells nothing."""

    @property
    def key(self) -> sa.Column[object]:
        return next(iter(self.table.primary_key.columns))

    @property
    def old(self) -> sa.ColumnElement[bool]:
        before = utc_now() - self.kept
        return sa.or_(*(column < before for column in self.ended))


def rules(settings: Settings) -> Mapping[str, Rule]:
    """By what is told of each. History refers to no session by a key that could break, and none of it goes."""
    sessions = timedelta(days=settings.SESSION_RETENTION_DAYS)
    mail = timedelta(days=settings.MAIL_RETENTION_DAYS)
    ended = (SESSIONS.c.revoked_at, SESSIONS.c.absolute_expiry)
    return {
        "sessions": Rule(SESSIONS, sessions, ended, (ACTIVITY.c.session_id,), entity="session"),
        "links": Rule(TOKENS, TOKENS_KEPT, (TOKENS.c.used_at, TOKENS.c.expires_at)),
        "throttles": Rule(THROTTLES, THROTTLES_KEPT, (THROTTLES.c.last_failure,)),
        "letters": Rule(MESSAGES, mail, (MESSAGES.c.sent_at, MESSAGES.c.failed_at)),
        "drafts": Rule(DRAFTS, KEPT, (DRAFTS.c.updated_date,)),
    }


def told(removed: Mapping[str, int]) -> str:
    """In one line; the same order whichever database kept the outcome."""
    return ", ".join(f"{kind} {count}" for kind, count in sorted(removed.items()))


async def clean_up(settings: Settings, every: timedelta = EVERY) -> dict[str, int] | None:
    """How many of each kind were removed; None when another node does it, or did it less than `every` ago.

    Unavailable when the database or the store of files goes away; what was removed until then stays so, and the rest is
    for the next run.
    """
    if not await scheduled_runs.claim(NAME, every, LEASE):
        return None
    removed = {name: await remove(rule) for name, rule in rules(settings).items()}
    removed["files"] = await evidence_clean_up.remove_unnamed()
    await scheduled_runs.finish(NAME, removed)
    return removed


async def remove(rule: Rule) -> int:
    removed, last = 0, BATCH
    while last == BATCH:
        last = await remove_some(rule)
        removed += last
        await scheduled_runs.extend(NAME, LEASE)
    return removed


async def remove_some(rule: Rule) -> int:
    """One batch; rows that somebody has locked are left to the next run."""
    some = sa.select(rule.key).where(rule.old).limit(BATCH).with_for_update(skip_locked=True)
    async with database.transaction() as connection:
        keys = (await connection.execute(some)).scalars().all()
        for column in (*rule.parts, rule.key):
            await connection.execute(sa.delete(column.table).where(column.in_(keys)))
        if keys and rule.entity:
            told = {"removed": len(keys), "kept_days": rule.kept.days}
            await audit.append(ACTOR, Change(f"{rule.entity}:remove", rule.entity, after=told))
    return len(keys)

"""Removes from the store of files what no evidence names: an upload that was cut off, or refused at the last step.

A store is marked as that of one database. Another database would take all of its files for nobody's, so the clean-up of
that one leaves them alone.
"""

import logging
from collections.abc import Sequence
from datetime import timedelta
from uuid import uuid4

import sqlalchemy as sa

from models.evidence.evidence_about import EVIDENCE
from models.evidence.evidence_store import evidence_store, relying
from models.storage import scheduled_runs
from models.storage.columns import utc_now
from models.storage.database import database
from models.storage.dates import upsert
from models.storage.scheduled_runs import RUNS

NAME = "evidence_store"
KEPT = timedelta(days=1)
"""Far longer than an upload takes."""

log = logging.getLogger(__name__)


async def remove_unnamed() -> int:
    """How many files were removed; Unavailable when the store does not answer."""
    if not await is_ours():
        return 0
    before, removed = utc_now() - KEPT, 0
    await evidence_store.remove_unfinished(before)
    async for hashes in evidence_store.unchanged_since(before):
        removed += await remove_of(hashes)
    return removed


async def is_ours() -> bool:
    """Whether the store is marked with the name that this database has; one without a mark is given it.

    Nothing is removed by whoever marks it: files that came before the mark may be another's.
    """
    run, mark = await scheduled_runs.last(NAME), await evidence_store.mark()
    ours = run.outcome["store"] if run and run.outcome else None
    if mark is None:
        await evidence_store.set_mark(ours or await named())
    elif mark != ours:
        log.warning("no file of evidence is removed: EVIDENCE_STORE is marked as that of another database")
    return mark is not None and mark == ours


async def named() -> str:
    """A name by which a store knows this database, kept in it."""
    name = str(uuid4())
    row = {"name": NAME, "outcome": {"store": name}}
    async with database.transaction() as connection:
        await connection.execute(upsert(connection.dialect.name, RUNS, [row], key=["name"], change=["outcome"]))
    return name


async def remove_of(hashes: Sequence[str]) -> int:
    """Those of the hashes that no row names; whoever relies on one meanwhile waits."""
    of_rows = sa.select(EVIDENCE.c.sha256).where(EVIDENCE.c.sha256.in_(hashes))
    async with database.transaction() as connection:
        await relying(alone=True)
        kept = set((await connection.execute(of_rows)).scalars())
        gone = [sha256 for sha256 in hashes if sha256 not in kept]
        if gone:
            await evidence_store.remove(gone)
    return len(gone)

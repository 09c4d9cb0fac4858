"""The words of each hazard, its causes, harms, controls and comments, as both databases index them."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import ormar
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import TSQUERY

from models import many
from models.columns import BigPK, foreign_key
from models.comments import Comment
from models.controls import Control, HazardControl
from models.database import database, table
from models.hazards import Cause, Hazard, PotentialHarm
from models.search_words import signed, words

BATCH = 500
"""Hazards whose words are made at once."""


class HazardSearch(ormar.Model):
    """One row for each hazard. It can be made anew from the hazard at any time, so it carries no dates.

    `words` are each there once, separated by spaces, and begin with the sign of their project: the index of one
    project is then as small as its log. PostgreSQL has a GIN index over them as tsvector, SQLite an FTS5 table beside
    it that triggers follow; migrations/versions/0004 makes both.
    """

    ormar_config = table("hazard_search", ormar.UniqueColumns("hazard_id"))

    id: int = BigPK()
    hazard: Hazard = foreign_key(Hazard, "hazard_id", index=False)
    words: str = ormar.Text()


HAZARDS = Hazard.ormar_config.table
CONTROLS = Control.ormar_config.table
LINKS = HazardControl.ormar_config.table
SEARCH = HazardSearch.ormar_config.table
# By the very expression of the index, its space included.
INDEXED: sa.ColumnElement[Any] = sa.literal_column("array_to_tsvector(string_to_array(hazard_search.words, ' '))")
FTS5 = sa.table("hazard_words", *map(sa.column, ("rowid", "words", "hazard_words")))


def joined(column: sa.ColumnElement[str], of: sa.FromClause, key: sa.ColumnElement[UUID]) -> sa.ColumnElement[Any]:
    """The texts of all rows that belong to a hazard as one."""
    texts = sa.func.aggregate_strings(column, " ")
    return sa.select(texts).select_from(of).where(key == HAZARDS.c.id).scalar_subquery()


def owned(model: type[ormar.Model], name: str) -> sa.ColumnElement[Any]:
    found = model.ormar_config.table
    return joined(found.c[name], found, found.c.hazard_id)


CONTROL = LINKS.join(CONTROLS, CONTROLS.c.id == LINKS.c.control_id)
TEXTS = (
    *(HAZARDS.c[name] for name in ("name", "description", "effect", "harm", "recorded_number")),
    owned(Cause, "description").label("causes"),
    owned(PotentialHarm, "description").label("harms"),
    joined(CONTROLS.c.description + " " + CONTROLS.c.evidence, CONTROL, LINKS.c.hazard_id).label("controls"),
    owned(Comment, "body").label("comments"),
)
READ = sa.select(HAZARDS.c.id, HAZARDS.c.project_id, SEARCH.c.words, HAZARDS.c.recorded, *TEXTS).select_from(
    HAZARDS.outerjoin(SEARCH, SEARCH.c.hazard_id == HAZARDS.c.id)
)
CHANGE = sa.update(SEARCH).where(SEARCH.c.hazard_id == sa.bindparam("of")).values(words=sa.bindparam("now"))
INDEX = FTS5.insert().from_select(
    ["rowid", "words"],
    sa.select(SEARCH.c.id, SEARCH.c.words).where(SEARCH.c.hazard_id.in_(sa.bindparam("of", expanding=True))),
)


async def refresh(keys: Sequence[UUID]) -> None:
    """Make the words of these hazards anew, where they changed: a follower of models/upkeep.py."""
    for some in many.batches(keys, BATCH):
        async with database.connection() as connection:
            rows = (await connection.execute(READ.where(HAZARDS.c.id.in_(some)))).all()
            now = [(row.id, words_of(row), row.words) for row in rows]
            added = [{"hazard_id": key, "words": found} for key, found, before in now if before is None]
            changed = [{"of": key, "now": found} for key, found, before in now if before not in (None, found)]
            await many.insert(connection, SEARCH, added)
            if added and not database.is_postgresql:
                await connection.execute(INDEX, {"of": [row["hazard_id"] for row in added]})
            if changed:
                await connection.execute(CHANGE, changed)


def words_of(row: sa.Row[Any]) -> str:
    text = " ".join(filter(None, [*row[4:], *(row.recorded or {}).values()]))
    return " ".join(signed(row.project_id, words(text)))


def mentioning(project_id: UUID, search: str) -> sa.Select[Any] | None:
    """The keys of the hazards that have all words of a search, each at least as the beginning of one of theirs.

    None for a search without a word. Who asks names the project too: `search_words.signed` says why.
    """
    wanted = signed(project_id, words(search))
    return having(wanted, every=True, begun=True) if wanted else None


def having(wanted: Sequence[str], *, every: bool, begun: bool = False) -> sa.Select[Any]:
    """The keys of the hazards that have every one of these signed words, or any; `begun`: or words that begin so.

    Words are letters and digits alone, so nothing in them means anything to either database.
    """
    keys = sa.select(SEARCH.c.hazard_id)
    if database.is_postgresql:
        terms = (f"'{word}':*" if begun else f"'{word}'" for word in wanted)
        query = sa.literal((" & " if every else " | ").join(terms), sa.Text)
        return keys.where(INDEXED.op("@@")(sa.cast(query, TSQUERY)))
    terms = (f'"{word}" *' if begun else f'"{word}"' for word in wanted)
    found = FTS5.c.hazard_words.op("MATCH")((" AND " if every else " OR ").join(terms))
    return keys.where(SEARCH.c.id.in_(sa.select(FTS5.c.rowid).where(found)))

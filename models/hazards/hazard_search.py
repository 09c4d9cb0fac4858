"""The words of each hazard, its causes, harms, controls and comments, as both databases index them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

import ormar
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import TSQUERY

from models.comments.comments import Comment
from models.controls.controls import Control, HazardControl
from models.hazards.hazards import Cause, Hazard, PotentialHarm
from models.hazards.search_words import signed, words
from models.storage import many
from models.storage.columns import BigPK, foreign_key
from models.storage.database import database, table

BATCH = 500
"""Hazards whose words are made at once."""


class HazardSearch(ormar.Model):
    """One row for each hazard. It can be made anew from the hazard at any time, so it carries no dates.

    `words` are each there once, separated by spaces, and begin with the sign of their project, those of comments with
    another: the index of one project is then as small as its log. PostgreSQL has a GIN index over them as tsvector,
    SQLite an FTS5 table beside it that triggers follow; migrations/versions/0004 makes both.
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
# In the order of their keys: FTS5 writes its index out whenever one is smaller than the last.
INDEX = FTS5.insert().from_select(
    ["rowid", "words"],
    sa.select(SEARCH.c.id, SEARCH.c.words)
    .where(SEARCH.c.hazard_id.in_(sa.bindparam("of", expanding=True)))
    .order_by(SEARCH.c.id),
)


async def add(project_id: UUID, texts: Mapping[UUID, Iterable[str | None]]) -> None:
    """Store the words of new hazards, by what each says, in the caller's transaction; nobody has spoken of them yet."""
    for keys in many.batches(list(texts), BATCH):
        found = [(key, words(" ".join(filter(None, texts[key])))) for key in keys]
        await insert([{"hazard_id": key, "words": " ".join(signed(project_id, some))} for key, some in found])


async def refresh(keys: Sequence[UUID]) -> None:
    """Make the words of these hazards anew, where they changed: a follower of models/hazards/upkeep.py."""
    for some in many.batches(keys, BATCH):
        async with database.connection() as connection:
            rows = (await connection.execute(READ.where(HAZARDS.c.id.in_(some)))).all()
            now = [(row.id, words_of(row), row.words) for row in rows]
            await insert([{"hazard_id": key, "words": found} for key, found, before in now if before is None])
            changed = [{"of": key, "now": found} for key, found, before in now if before not in (None, found)]
            if changed:
                await connection.execute(CHANGE, changed)


async def insert(rows: Sequence[Mapping[str, Any]]) -> None:
    async with database.connection() as connection:
        await many.insert(connection, SEARCH, rows)
        if rows and not database.is_postgresql:
            await connection.execute(INDEX, {"of": [row["hazard_id"] for row in rows]})


def words_of(row: sa.Row[Any]) -> str:
    """Comments apart, as not everybody sees them; what the hazard says itself need not be there twice."""
    written = words(" ".join(filter(None, [*row[4:-1], *(row.recorded or {}).values()])))
    spoken = set(words(row.comments or "")).difference(written)
    return " ".join([*signed(row.project_id, written), *signed(row.project_id, sorted(spoken), spoken=True)])


def mentioning(project_id: UUID, search: str, *, spoken: bool) -> sa.Select[Any] | None:
    """The keys of the hazards that have all words of a search, each at least as the beginning of one of theirs.

    None for a search without a word. `spoken` looks into comments too, which only members see. Who asks names the
    project too: `search_words.signed` says why.
    """
    wanted = words(search)
    ways = [signed(project_id, wanted)] + ([signed(project_id, wanted, spoken=True)] if spoken else [])
    return having(list(zip(*ways, strict=True)), begun=True) if wanted else None


def having(wanted: Sequence[Sequence[str]], *, begun: bool = False) -> sa.Select[Any]:
    """The keys of the hazards that have of each of these groups of signed words one; `begun`: or a word that begins so.

    Words are letters and digits alone, so nothing in them means anything to either database.
    """
    keys = sa.select(SEARCH.c.hazard_id)
    if database.is_postgresql:
        query = query_of(wanted, "'{}':*" if begun else "'{}'", " | ", " & ")
        return keys.where(INDEXED.op("@@")(sa.cast(sa.literal(query, sa.Text), TSQUERY)))
    query = query_of(wanted, '"{}" *' if begun else '"{}"', " OR ", " AND ")
    return keys.where(SEARCH.c.id.in_(sa.select(FTS5.c.rowid).where(FTS5.c.hazard_words.op("MATCH")(query))))


def query_of(wanted: Sequence[Sequence[str]], term: str, either: str, both: str) -> str:
    return both.join(f"({either.join(map(term.format, group))})" for group in wanted)

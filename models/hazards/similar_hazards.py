"""Hazards that say nearly the same as a text, of one project and of public ones: found by rare words, ranked by all."""

import math
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from models.enumerations import Visibility
from models.hazards.hazard_log import HAZARDS, reference, url
from models.hazards.hazard_search import SEARCH, having
from models.hazards.search_words import SIGN, signed, words
from models.projects.projects import PROJECTS
from models.storage.database import database

LEFT_OUT = {
    *("a", "an", "and", "are", "as", "at", "be", "by", "for", "from", "has", "have", "in", "is", "it", "its"),
    *("of", "on", "or", "that", "the", "this", "to", "was", "which"),
}
"""Words that say nothing of what a hazard is about; "no", "not" and "without" do."""
MOST_WORDS = 12
MOST_PROJECTS = 200
"""Public projects that are looked at, those changed last."""
COMMON = 200
"""A word of more hazards than this leads to none of them."""
ENOUGH = 400
"""Candidates that are read and ranked."""
SHOWN = 5
ALIKE = 0.5
"""How alike a hazard must be to be shown, of 1: the words of its name and those of its whole text count half each."""


async def similar(project_id: UUID, text: str) -> list[dict[str, Any]]:
    """The hazards most like a text, the most alike first: three statements, none when the text has no word.

    Whoever may write in the project may see all of them, as the others belong to public projects.
    """
    wanted = [word for word in words(text) if word not in LEFT_OUT][:MOST_WORDS]
    if not wanted:
        return []
    projects = [project_id, *await public(project_id)]
    counts = await frequencies(projects, wanted)
    rare = [word for word in sorted(counts, key=lambda word: counts[word]) if 0 < counts[word] <= COMMON]
    if not rare:
        return []
    found = [ranked(row, wanted, counts) for row in await candidates(projects, rare)]
    alike = [one for one in found if one["likeness"] >= ALIKE]
    return sorted(alike, key=lambda one: (-one["likeness"], one["project_id"] != project_id, one["id"]))[:SHOWN]


async def public(project_id: UUID) -> Sequence[UUID]:
    seen = (PROJECTS.c.visibility == Visibility.PUBLIC, PROJECTS.c.id != project_id)
    query = sa.select(PROJECTS.c.id).where(*seen).order_by(PROJECTS.c.updated_date.desc()).limit(MOST_PROJECTS)
    async with database.connection() as connection:
        return (await connection.execute(query)).scalars().all()


async def frequencies(projects: Sequence[UUID], wanted: Sequence[str]) -> dict[str, int]:
    """In how many hazards each word is, counted up to just above COMMON."""
    counted = [
        sa.select(sa.func.count()).select_from(with_one(projects, [word]).limit(COMMON + 1).subquery())
        for word in wanted
    ]
    query = sa.select(*(count.scalar_subquery() for count in counted))
    async with database.connection() as connection:
        return dict(zip(wanted, (await connection.execute(query)).one(), strict=True))


def with_one(projects: Iterable[UUID], wanted: Sequence[str]) -> sa.Select[Any]:
    """The keys of the hazards of these projects that have one of the words."""
    return having([[word for project in projects for word in signed(project, wanted)]])


async def candidates(projects: Sequence[UUID], rare: Sequence[str]) -> Sequence[sa.RowMapping]:
    columns = [HAZARDS.c[name] for name in ("id", "project_id", "number", "name", "status")]
    query = (
        sa.select(*columns, PROJECTS.c.name.label("project"), SEARCH.c.words)
        .join(PROJECTS, PROJECTS.c.id == HAZARDS.c.project_id)
        .join(SEARCH, SEARCH.c.hazard_id == HAZARDS.c.id)
        .where(HAZARDS.c.id.in_(with_one(projects, rare)), HAZARDS.c.project_id.in_(projects))
        .limit(ENOUGH)
    )
    async with database.connection() as connection:
        return (await connection.execute(query)).mappings().all()


def ranked(row: sa.RowMapping, wanted: Sequence[str], counts: dict[str, int]) -> dict[str, Any]:
    sign = row["project_id"].hex[-SIGN:]
    has = {word.removeprefix(sign) for word in row["words"].split() if word.startswith(sign)}
    name = set(words(row["name"])) - LEFT_OUT

    def weight(found: Iterable[str]) -> float:
        return sum(1 / math.log(2 + counts.get(word, 1)) for word in found)

    of_text = weight(has & set(wanted)) / weight(wanted)
    of_name = 2 * weight(name & set(wanted)) / (weight(wanted) + weight(name))
    told = {key: row[key] for key in ("id", "project_id", "name", "status", "project")}
    place = {"reference": reference(row["number"]), "url": url(row["project_id"], row["id"])}
    return {**told, **place, "likeness": round((of_text + of_name) / 2, 2)}

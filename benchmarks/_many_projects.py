"""A thousand projects with a thousand hazards each, made by the database itself from one of them, within minutes."""

from collections.abc import Iterator
from itertools import islice, product
from typing import Any
from uuid import UUID

import asyncpg

from benchmarks._filled import ADA, KINDS, connected
from models.audit.audit import Actor
from models.enumerations import ControlStage, HazardStatus, Likelihood, Severity, Stage, Standard, Visibility
from models.hazards import hazard_additions
from models.hazards.hazard_additions import NewControl, NewHazard, NewRating
from models.hazards.search_words import SIGN
from models.projects import projects
from models.storage.database import metadata
from models.users import accounts

TABLES = (
    *("projects", "hazards", "causes", "hazard_types", "controls", "hazard_controls", "risk_assessments"),
    "hazard_search",
)
KEYS = ("id", "project_id", "hazard_id", "control_id")
COPY = "md5({}::text || n)::uuid"
"""A key of the n-th copy."""
WORDS = """CREATE INDEX ix_hazard_search_words ON hazard_search
           USING gin (array_to_tsvector(string_to_array(words, ' ')))"""

WHO = ("The nurse", "The doctor", "The pharmacist", "A clerk", "The patient", "A relative", "The porter")
DOES = ("cannot see", "misreads", "overlooks", "is shown late", "enters twice", "loses", "mistakes", "prints")
WHAT = ("a dose", "an allergy", "a result", "a referral", "a discharge letter", "an alert", "a blood group")
WHERE = ("on the ward", "in theatre", "at night", "during an upgrade", "on a tablet", "after a transfer")


def hazards(wanted: int) -> Iterator[NewHazard]:
    """Short ones, no two alike, of every status, with types and owners of eight kinds."""
    severities, likelihoods = list(Severity), list(Likelihood)
    for number, words in enumerate(islice(product(WHO, DOES, WHAT, WHERE, range(10)), wanted)):
        rating = NewRating(severities[number % 5], likelihoods[number // 5 % 5])
        yield NewHazard(
            name=f"{' '.join(words[:4])} ({number})",
            owner=KINDS[number % 8],
            status=list(HazardStatus)[number % 3],
            causes=[f"Cause number {number}"],
            types=[KINDS[number // 8 % 8]],
            controls=[NewControl(f"Control number {number}", ControlStage.ADDITIONAL)],
            ratings={Stage.INITIAL: rating},
        )


async def add(url: str, count: int, size: int) -> UUID:
    """So many projects of Ada's with so many hazards; the key of the first, which is like the others."""
    async with connected(url):
        ada = await accounts.by_email_address(ADA)
        assert ada is not None
        about = {"description": "", "standard": Standard.DCB0129, "visibility": Visibility.PRIVATE}
        key = await projects.create(Actor(ada.id), ada.id, name="First", **about)
        await hazard_additions.create(Actor(ada.id), key, list(hazards(size)))
    connection = await asyncpg.connect(url)
    await connection.execute("SET session_replication_role = replica; DROP INDEX ix_hazard_search_words")
    for name in TABLES:
        await connection.execute(copies(name, key, count - 1), timeout=None)
    await connection.execute(WORDS)
    await connection.execute("VACUUM ANALYZE")
    await connection.close()
    return key


def copies(name: str, project: UUID, number: int) -> str:
    """The statement that writes the rows of a table once more for each copy; no trigger is asked."""
    sign = project.hex[-SIGN:]
    special: dict[str, Any] = {key: COPY.format(f"source.{key}") for key in KEYS}
    if name == "hazard_search":
        del special["id"]
        copy = COPY.format(f"'{project}'")
        special["words"] = f"replace(words, '{sign}', right({copy}::text, {SIGN}))"
    columns = [
        column.name for column in metadata.tables[name].c if not (name == "hazard_search" and column.name == "id")
    ]
    values = ", ".join(special.get(column, f"source.{column}") for column in columns)
    rows = f"{name} source CROSS JOIN generate_series(1, {number}) n"
    return f"INSERT INTO {name} ({', '.join(columns)}) SELECT {values} FROM {rows}"  # noqa: S608 - names of tables

"""The benchmark of audited writes still runs, and its other side really records nothing."""

import asyncio

import asyncpg

from benchmarks import _filled, auditing
from benchmarks._load import in_turn
from benchmarks._serving import database_server, turva


def test_it_measures_many_projects_and_one() -> None:
    many, one = auditing.measure(seconds=4, rounds=1, projects=2)
    assert (many.what, many.against) == ("audited write, over 2 projects", "the same without audit")
    assert one.what == "audited write, all in one project"
    assert min(*many.measured, *many.base, *one.measured, *one.base) > 0


def test_the_bare_side_writes_and_records_nothing() -> None:
    with database_server() as server:
        url = asyncio.run(_filled.new_database(server, "turva"))
        asyncio.run(_filled.add_people(url, 1))
        project = asyncio.run(_filled.add_project(url, auditing.HAZARDS))
        with turva(url) as audited, auditing.unaudited(url) as bare:
            cookie = _filled.sign_in(audited)
            before = asyncio.run(entries_and_assessments(url))
            in_turn({"bare": auditing.assessing(bare, cookie, [project])}, 4, 1)
            after = asyncio.run(entries_and_assessments(url))
    assert after[0] == before[0]
    assert after[1] > before[1]


async def entries_and_assessments(url: str) -> tuple[int, int]:
    connection = await asyncpg.connect(url)
    entries = await connection.fetchval("SELECT count(*) FROM audit_entries")
    assessments = await connection.fetchval("SELECT count(*) FROM risk_assessments")
    await connection.close()
    return entries, assessments

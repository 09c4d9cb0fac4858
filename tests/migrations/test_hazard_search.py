"""Hazards that were there before there was a search are found by it once the tables are brought up to date."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from migrations.run import locked_connection, upgrade
from models.hazards import hazard_pages
from models.hazards.hazard_filters import HazardFilter
from models.storage.columns import new_id
from models.storage.database import database, metadata

PROJECT, USER, CONTROL = new_id(), new_id(), new_id()
HAZARDS = [new_id() for _ in range(501)]
NOW = datetime(2026, 11, 1, tzinfo=UTC)
OLD: dict[str, list[dict[str, Any]]] = {
    "users": [
        {
            "id": USER,
            "email_address": "a@example.org",
            "name_shown_to": "members",
            "email_shown_to": "members",
            **dict.fromkeys(("is_active", "is_administrator", "is_verified", "is_cso", "needs_second_factor"), True),
            **dict.fromkeys(("first_name", "last_name", "password_hash", "profession", "training"), ""),
            "auth_epoch": 0,
            "registration_body": "",
            "registration_number": "",
        }
    ],
    "projects": [
        {
            "id": PROJECT,
            "name": "Old",
            "description": "",
            "standard": "DCB0129",
            "visibility": "private",
            "matrix_version": "nhs-2018",
            "next_hazard_number": 502,
            "created_by_id": USER,
        }
    ],
    "hazards": [
        {
            "id": key,
            "project_id": PROJECT,
            "number": number,
            "name": f"Hazard n{number}",
            "description": "",
            "effect": "",
            "harm": "Élan",
            "status": "open",
            "owner": "",
            "version": 1,
            "recorded": {"a": "Kept"},
        }
        for number, key in enumerate(HAZARDS, 1)
    ],
    "causes": [{"id": new_id(), "hazard_id": HAZARDS[500], "position": 1, "description": "Tiredness"}],
    "controls": [
        {
            "id": CONTROL,
            "project_id": PROJECT,
            "description": "Checklist",
            "evidence": "Audit",
            "stage": "existing",
            "state": "implemented",
        }
    ],
    "hazard_controls": [{"id": new_id(), "hazard_id": HAZARDS[0], "control_id": CONTROL, "position": 1}],
}


async def test_hazards_that_were_there_are_found(empty_database_url: str) -> None:
    await upgrade(empty_database_url, revision="0003")
    async with locked_connection(empty_database_url) as connection:
        for name, rows in OLD.items():
            columns = metadata.tables[name].c
            dated = [{**row, "created_date": NOW, "updated_date": NOW} for row in rows]
            old = sa.table(name, *(sa.column(key, columns[key].type) for key in dated[0]))
            await connection.execute(sa.insert(old), dated)
    await upgrade(empty_database_url)
    database.configure(empty_database_url)
    await database.connect()
    try:
        assert [await found(word) for word in ("n501", "tired", "checklist audit", "n77")] == [[501], [501], [1], [77]]
        assert [len(await found(word)) for word in ("elan kept", "nowhere")] == [100, 0]
    finally:
        await database.disconnect()


async def found(search: str) -> list[int]:
    hazards, _ = await hazard_pages.page(UUID(int=PROJECT.int), HazardFilter(search=search), 1, 100)
    return [hazard["number"] for hazard in hazards]

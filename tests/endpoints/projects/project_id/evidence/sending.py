"""Evidence as people send it, for the tests of all that is done with it."""

from typing import Any
from uuid import UUID

import httpx
import sqlalchemy as sa

from models.enumerations import HazardStatus
from models.hazards.hazard_log import HAZARDS
from models.storage.columns import utc_now
from models.storage.database import database
from tests.clients import Person

TEXT = b"Load test of 3 May: <script>alert(1)</script> was shown as text."
FILE = {"file": ("load test.txt", TEXT, "text/html")}


async def send(person: Person, project: str, files: Any = None, **fields: Any) -> httpx.Response:
    """A file, unless `link` is among the fields."""
    given = {"title": "Load test", "purpose": "support", **fields}
    sent = files or ({"file": ("", b"")} if "link" in given else FILE)
    return await person.client.post(f"{project}evidence/create/", files=sent, data=given)


async def added(person: Person, project: str, files: Any = None, **fields: Any) -> dict[str, Any]:
    answer = await send(person, project, files, **fields)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def parts_of(person: Person, hazard: str) -> dict[str, list[str]]:
    """What evidence of a hazard may be about: its keys, as a request names them."""
    full = (await person.client.get(hazard)).json()
    controls = [control["id"] for control in full["controls"]]
    return {"hazards": [full["id"]], "assessments": [full["initial"]["id"]], "controls": controls}


async def close(hazard_id: str) -> None:
    """Without all that it takes to close a hazard by the rules."""
    closed = {"status": HazardStatus.CLOSED, "updated_date": utc_now()}
    async with database.transaction() as connection:
        await connection.execute(sa.update(HAZARDS).where(HAZARDS.c.id == UUID(hazard_id)).values(**closed))

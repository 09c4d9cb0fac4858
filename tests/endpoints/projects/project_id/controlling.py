"""What is sent to record a control."""

from typing import Any

from tests.clients import Person

NOTHING_NEW: dict[str, Any] = {"brings_hazards": False, "brings_hazards_reason": "It only shows"}
ALARM = {"description": "Alarm", **NOTHING_NEW}


async def control_of(person: Person, project: str) -> str:
    """The URL of a new control that serves no hazard."""
    answer = await person.client.post(f"{project}controls/create/", json=ALARM)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["url"])

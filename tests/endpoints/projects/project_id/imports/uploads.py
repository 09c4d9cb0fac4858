"""Sends hazard logs as a program does, and small logs to send."""

from collections.abc import Sequence
from typing import Any

import httpx

from tests.clients import Person
from tests.exchange.official_log import Row, official_workbook_bytes, rated
from tests.exchange.reading import IG_HEADINGS, IG_ROW, csv_bytes

BAD = {"initial.severity": "Dreadful", "initial.likelihood": "Low", "hazard": "Rated in words of one's own"}


def workbook(*rows: Row) -> bytes:
    return official_workbook_bytes(rows or [rated(number=1), rated(number=2)])


def table(count: int) -> bytes:
    """A CSV with so many hazards, all of them sound."""
    return csv_bytes([IG_HEADINGS, *((f"HAZ-{number}", *IG_ROW[1:]) for number in range(1, count + 1))])


async def upload(person: Person, project: str, content: bytes, name: str = "log.xlsx", **fields: str) -> httpx.Response:
    return await person.client.post(f"{project}imports/create/", files={"file": (name, content)}, data=fields)


async def hazards(person: Person, project: str) -> list[dict[str, Any]]:
    """The first hundred hazards of the log."""
    answer = await person.client.get(f"{project}hazards/", params={"limit": 100})
    assert answer.status_code == 200, answer.text
    return list(answer.json()["data"])


def texts_in(value: Any) -> list[str]:
    """Every text in a JSON value."""
    if isinstance(value, dict):
        return [text for one in value.values() for text in texts_in(one)]
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [text for one in value for text in texts_in(one)]
    return [value] if isinstance(value, str) else []

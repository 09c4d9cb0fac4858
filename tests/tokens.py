"""API tokens as tests make and send them."""

from typing import Any

import httpx
from fastapi import FastAPI

from tests.clients import Person, connect

CREATE = "/account/tokens/create/"


async def make(person: Person, *scopes: str, **fields: Any) -> dict[str, Any]:
    """What creating a token answered."""
    answer = await person.client.post(CREATE, json={"label": "Export", "scopes": scopes, **fields})
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def program(app: FastAPI, token: str) -> httpx.AsyncClient:
    """A program that sends this token, and no cookie."""
    return connect(app, headers={"Authorization": f"Bearer {token}"})

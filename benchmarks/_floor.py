"""The floors: raw ASGI programs that do one prepared query for what Turva shows, and write the same JSON.

No framework, no rules, no headers but two. Which of them runs, FLOOR says; uvicorn serves it as it serves Turva.
"""

import hmac
import os
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import orjson
from starlette.types import Message, Receive, Scope, Send

CONNECTIONS = 10
KEY = b"the floor hashes what the cookie says, as Turva does"
IDLE = timedelta(minutes=30)
HAZARDS = Path(__file__).with_name("_floor_hazards.sql").read_text("utf-8")

ACCOUNT = """
    SELECT u.id::text, u.first_name, u.last_name, u.email_address, u.is_verified, u.is_cso, u.is_administrator
    FROM sessions s JOIN users u ON u.id = s.user_id JOIN session_activity a ON a.session_id = s.id
    WHERE s.token_hash = $1 AND s.revoked_at IS NULL AND s.absolute_expiry > $2 AND a.last_seen > $3
    AND u.is_active AND s.auth_epoch = u.auth_epoch
"""

free: list[Any] = []
"""Prepared statements, each with its connection; there are more of them than a benchmark has users."""


def token_hash(token: bytes) -> bytes:
    return hmac.digest(KEY, token, "sha256")


async def account(scope: Scope) -> tuple[int, bytes]:
    """Whose session the cookie names, by the conditions of authentication/sessions.py."""
    token = next((value for name, value in scope["headers"] if name == b"cookie"), b"").partition(b"=")[2]
    now = datetime.now(UTC)
    row = await asked("fetchrow", token_hash(token), now, now - IDLE)
    return (200, orjson.dumps(dict(row))) if row else (401, b"{}")


async def hazards(scope: Scope) -> tuple[int, bytes]:
    """A page of the project that is the path: PostgreSQL writes the JSON."""
    body = await asked("fetchval", scope["path"].strip("/"))
    return 200, body.encode()


async def asked(how: str, *values: object) -> Any:
    statement = free.pop()
    try:
        return await getattr(statement, how)(*values)
    finally:
        free.append(statement)


FLOORS: dict[str, tuple[str, Callable[[Scope], Awaitable[tuple[int, bytes]]]]] = {
    "account": (ACCOUNT, account),
    "hazards": (HAZARDS, hazards),
}


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    query, read = FLOORS[os.environ["FLOOR"]]
    if scope["type"] == "lifespan":
        await live(query, receive, send)
        return
    status, body = await read(scope)
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def live(query: str, receive: Receive, send: Send) -> None:
    message: Message = await receive()
    connections = [await asyncpg.connect(os.environ["DATABASE_URL"]) for _ in range(CONNECTIONS)]
    free.extend([await connection.prepare(query) for connection in connections])
    await send({"type": "lifespan.startup.complete"})
    while message["type"] != "lifespan.shutdown":
        message = await receive()
    for connection in connections:
        await connection.close()
    await send({"type": "lifespan.shutdown.complete"})

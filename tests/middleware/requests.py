"""Requests as a server hands them on, for middleware on its own."""

from collections.abc import Mapping
from typing import Any

import httpx
from starlette.types import ASGIApp, Receive, Scope, Send

from tests.clients import BASE_URL


def http(method: str = "GET", path: str = "/", headers: Mapping[str, str] | None = None) -> Scope:
    """The scope of a request to a Turva on this machine."""
    lines = [(name.lower().encode(), value.encode("latin-1")) for name, value in (headers or {}).items()]
    named = [] if any(name == b"host" for name, _ in lines) else [(b"host", b"localhost")]
    return {
        "type": "http",
        "method": method,
        "path": path,
        "raw_path": path.encode("ascii", "replace"),
        "query_string": b"",
        "root_path": "",
        "scheme": "http",
        "headers": named + lines,
        "client": ("127.0.0.1", 5),
        "request_id": "0123",
    }


async def ask(app: ASGIApp, method: str = "GET", path: str = "/", **options: Any) -> httpx.Response:
    """The answer of an ASGI application; its errors come through."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=BASE_URL) as client:
        return await client.request(method, path, **options)


async def fine(scope: Scope, receive: Receive, send: Send) -> None:
    """The application behind the middleware."""
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/plain")]})
    await send({"type": "http.response.body", "body": b"fine"})

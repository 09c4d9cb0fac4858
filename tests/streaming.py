"""Streams as tests hold them open in this process; and for httpx, which waits for the end of an answer, a glance."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpx
from starlette.types import ASGIApp, Message, Receive, Scope, Send

STREAM = b"text/event-stream"
PATH = "/account/events/"


def leaving_streams(app: ASGIApp) -> ASGIApp:
    """The application to a client that goes away from a stream at its first event."""

    async def called(scope: Scope, receive: Receive, send: Send) -> None:
        streams = gone = False

        async def sent(message: Message) -> None:
            nonlocal streams, gone
            if gone:
                return
            if message["type"] == "http.response.start":
                streams = any(value.startswith(STREAM) for name, value in message["headers"] if name == b"content-type")
            await send(message)
            if streams and b"event:" in message.get("body", b""):
                gone = True
                await send({"type": "http.response.body", "body": b""})  # upon which `receive` says "disconnected"

        await app(scope, receive, sent)

    return called


@dataclass
class Open:
    """A stream that is held open in this process."""

    statuses: list[int] = field(default_factory=list)
    whole: bool = False
    begun: asyncio.Event = field(default_factory=asyncio.Event)
    gone: asyncio.Event = field(default_factory=asyncio.Event)
    chunks: "asyncio.Queue[bytes]" = field(default_factory=asyncio.Queue)

    async def event(self) -> str:
        """The name of the next event; empty when the stream has ended."""
        while chunk := await self.chunks.get():
            if chunk.startswith(b"event: "):
                return chunk.split()[1].decode()
        return ""

    async def rest(self) -> list[str]:
        """The events until the end."""
        found = []
        while name := await self.event():
            found.append(name)
        return found

    async def receive(self) -> Message:
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.statuses.append(message["status"])
            self.begun.set()
        else:
            self.whole = not message.get("more_body", False)
            if message["body"]:
                self.chunks.put_nowait(message["body"])


@asynccontextmanager
async def streaming(app: ASGIApp, client: httpx.AsyncClient, path: str = PATH) -> AsyncIterator[Open]:
    """The stream of a client's session; it has begun, and no event is read yet."""
    request = client.build_request("GET", path, headers={"Accept": STREAM.decode()})
    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": "GET",
        "headers": [(name.lower(), value) for name, value in request.headers.raw],
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "server": ("localhost", 80),
        "client": ("127.0.0.1", 50_000),
        "root_path": "",
    }
    stream = Open()

    async def run() -> None:
        try:
            await app(scope, stream.receive, stream.send)
        finally:
            stream.begun.set()
            stream.chunks.put_nowait(b"")

    task = asyncio.create_task(run())
    try:
        await stream.begun.wait()
        yield stream
    finally:
        stream.gone.set()
        await task

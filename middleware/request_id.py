"""Gives every request an identity, which brings a log line, an audit entry and what a user reports together."""

import logging
import random
from collections.abc import Awaitable
from contextvars import ContextVar

from starlette.types import ASGIApp, Message, Receive, Scope, Send

current: ContextVar[str] = ContextVar("request_id", default="-")


class RequestId:
    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        # Our own: one sent by a client could forge a line of the log. It names a request and opens nothing.
        identity = f"{random.getrandbits(128):032x}"
        scope["request_id"] = identity
        token = current.set(identity)

        def named(message: Message) -> Awaitable[None]:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), (b"x-request-id", identity.encode())]
            return send(message)

        try:
            await self.app(scope, receive, named)
        finally:
            current.reset(token)


class RequestIdFilter(logging.Filter):
    """Puts the identity of the current request on each record."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = current.get()
        return True

"""One line a request: method, path, status, milliseconds; never a query, a body or a cookie, which may hold secrets."""

import logging
import time
from urllib.parse import quote

from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = logging.getLogger("turva.access")


class AccessLog:
    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = time.perf_counter()
        status = 0

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, noted)
        finally:
            milliseconds = (time.perf_counter() - started) * 1000
            path = quote(scope["path"], errors="replace")  # neither a second line nor a second status can stand in it
            log.info("%s %s %s %.1f ms", scope["method"], path, status or "no answer", milliseconds)

"""Turns whatever escapes into an answer of the one shape; an unforeseen error shows its request's identity, no more."""

import logging
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from errors import TurvaError

log = logging.getLogger("turva")


class LastResort:
    def __init__(self, app: ASGIApp, answer: Callable[[Request, TurvaError], Response]) -> None:
        self.app = app
        self.answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = False

        async def watched(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, receive, watched)
        except TurvaError as error:
            problem = error
        except Exception:
            log.exception("Unforeseen error at %s %s", scope["method"], ascii(scope["path"]))
            problem = TurvaError(f"The problem has been recorded as {scope['request_id']}. Try again later.")
        else:
            return
        if not started:  # else the connection closes early, and the client sees that something is missing
            await self.answer(Request(scope), problem)(scope, receive, send)

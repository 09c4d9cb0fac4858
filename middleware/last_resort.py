"""Turns whatever escapes into an answer of the one shape; an unforeseen error shows its request's identity, no more."""

import logging
from collections.abc import Awaitable, Callable
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
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

        def watched(message: Message) -> Awaitable[None]:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            return send(message)

        try:
            await self.app(scope, receive, watched)
        except Exception as error:  # noqa: BLE001 - nothing may escape
            problem = problem_of(error, scope)
        else:
            return
        try:
            if not started:  # else the connection closes early, and the client sees that something is missing
                await self.answer(Request(scope), problem)(scope, receive, watched)
        except Exception as error:  # noqa: BLE001 - the page of the error may fail too
            problem = problem_of(error, scope)
            if not started:
                await JSONResponse(problem.body(), problem.status)(scope, receive, send)


def problem_of(error: Exception, scope: Scope) -> TurvaError:
    """What may be told of an error: one of the domain as it is, of any other only where it is recorded."""
    if isinstance(error, TurvaError):
        return error
    log.error("Unforeseen error at %s %s", scope["method"], quote(scope["path"], errors="replace"), exc_info=error)
    return TurvaError(f"The problem has been recorded as {scope['request_id']}. Try again later.")

"""Tells an open page that something has changed, so that it fetches it again, and that its session has ended."""

import random
from collections.abc import AsyncIterator

from fastapi import APIRouter, Response
from fastapi.sse import KEEPALIVE_COMMENT, EventSourceResponse, format_sse_event
from starlette.types import Receive, Scope, Send

from authentication.access import requires, signed_in
from authentication.sessions import LiveSession
from authentication.streams import Stream, Streams
from endpoints._depends import CurrentSession, CurrentStreams

router = APIRouter()

UNBUFFERED = {"X-Accel-Buffering": "no"}
"""For nginx, which would otherwise keep events until they fill a buffer."""


class Events(EventSourceResponse):
    """A stream that is open from the first byte of the answer to the last. Unavailable before it begins."""

    def __init__(self, streams: Streams, session: LiveSession) -> None:
        super().__init__((), headers=UNBUFFERED)
        self.streams, self.session = streams, session

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] == "HEAD":
            await self.stream_response(send)
            return
        async with self.streams.opened(self.session) as stream:
            self.body_iterator = written(stream)
            await super().__call__(scope, receive, send)


async def written(stream: Stream) -> AsyncIterator[bytes]:
    """The events as HTML's "server-sent events" spells them (section 9.2).

    Clients that lost their server come back after one to three seconds, so that not all of them come at once; every
    event has data, as browsers leave out those without.
    """
    yield format_sse_event(retry=random.randint(1000, 3000))  # noqa: S311 - no secret
    async for name in stream.events():
        yield format_sse_event(event=name, data_str="{}") if name else KEEPALIVE_COMMENT


@router.get("/", response_class=Response, responses={200: {"content": {"text/event-stream": {}}}})
@requires(signed_in)
async def events(streams: CurrentStreams, session: CurrentSession) -> Events:
    """Server-sent events without content: `sessions-changed`, for administrators `everyones-sessions-changed`.

    `session-ended` is the last event of a session that has ended, and `superseded` that of a stream for which a newer
    one of the same session was opened. An end without either is that of the server: come back.
    """
    return Events(streams, session)

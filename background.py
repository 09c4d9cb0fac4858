"""What a process does beside its requests: starts with the application, and ends with it in good order."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial

from config import Settings
from mail import worker

log = logging.getLogger(__name__)

Work = Callable[[asyncio.Event], Awaitable[None]]
"""Runs until the event that it is given is set."""
STOP_SECONDS = 8
"""Less than commands.serve gives a stopping server; what is cut off then must be able to begin again."""


def works(settings: Settings) -> list[Work]:
    return [partial(worker.work, settings)] if settings.BACKGROUND_WORK else []


@asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[None]:
    """Runs them all; at the end each is told to stop, and after STOP_SECONDS cancelled."""
    stopping = asyncio.Event()
    tasks = [asyncio.ensure_future(guarded(work, stopping)) for work in works(settings)]
    try:
        yield
    finally:
        stopping.set()
        await ended(tasks)


async def guarded(work: Work, stopping: asyncio.Event) -> None:
    """Each goes on by itself after what it foresees; anything else must at least be seen."""
    try:
        await work(stopping)
    except Exception:
        log.exception("background work has ended")


async def ended(tasks: list["asyncio.Task[None]"]) -> None:
    if not tasks:
        return
    _, late = await asyncio.wait(tasks, timeout=STOP_SECONDS)
    for task in late:
        task.cancel()
    await asyncio.gather(*late, return_exceptions=True)

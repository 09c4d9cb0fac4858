"""What a process does beside its requests: starts with the application, and ends with it in good order."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from functools import partial

from config import Settings
from errors import Unavailable
from mail import hazard_notices, worker
from models.storage import clean_up
from models.storage.scheduled_runs import is_due, last

log = logging.getLogger(__name__)

Work = Callable[[asyncio.Event], Awaitable[None]]
"""Runs until the event that it is given is set."""
LOOK_SECONDS = 300
"""How often a process asks whether it is time for the work of the day."""
STOP_SECONDS = 8
"""Less than commands.serve gives a stopping server; what is cut off then must be able to begin again."""


def works(settings: Settings) -> list[Work]:
    every: list[Work] = [
        partial(worker.work, settings),
        partial(repeat, clean_up.NAME, clean_up.EVERY, partial(clean, settings)),
        partial(repeat, hazard_notices.NAME, hazard_notices.EVERY, write_digests),
    ]
    return every if settings.BACKGROUND_WORK else []


async def repeat(name: str, every: timedelta, act: Callable[[], Awaitable[None]], stopping: asyncio.Event) -> None:
    """Act when it is due; every process looks, and the one that asks first does it."""
    while not stopping.is_set():
        try:
            if is_due(await last(name), every):
                await act()
        except Unavailable:
            log.warning("%s has to wait, as the database cannot be had", name)
        except Exception:
            log.exception("%s failed; it is tried again", name)
        with suppress(TimeoutError):
            await asyncio.wait_for(stopping.wait(), LOOK_SECONDS)


async def clean(settings: Settings) -> None:
    if (removed := await clean_up.clean_up(settings)) is not None:
        log.info("cleaned up: %s", clean_up.told(removed))


async def write_digests() -> None:
    if (count := await hazard_notices.digest()) is not None:
        log.info("digests of notices: letters %d", count)


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

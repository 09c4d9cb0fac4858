"""Sends the letters that are due, one after the other, beside the requests that this process serves."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta

from cryptography.fernet import InvalidToken

from config import Settings
from errors import Unavailable
from mail import waiting
from mail.delivery import Deliver, Refused, Undelivered, delivery_of
from mail.outbox import outbox
from mail.waiting import MOST_ATTEMPTS, Waiting
from models.storage.sealing import seal

log = logging.getLogger(__name__)

LOOK_SECONDS = 10
"""How often a worker looks for what other processes queued and what is due again; its own process wakes it."""
SLACK = timedelta(minutes=1)
"""What a lease lasts beyond the longest attempt: time to settle it, with a database that is slow."""
SETTLE_PAUSES = (0.1, 0.5, 1, 2, 5, 10, 20)


async def work(settings: Settings, stopping: asyncio.Event) -> None:
    """Send until `stopping` is set; a letter that is being sent then is sent first."""
    deliver, rung = delivery_of(settings), asyncio.Event()
    lease = timedelta(seconds=settings.SMTP_TIMEOUT_SECONDS) + SLACK
    outbox.wake = rung.set
    try:
        while not stopping.is_set():
            rung.clear()
            if not await one(deliver, lease):
                await rest(LOOK_SECONDS, rung, stopping)
    finally:
        outbox.wake = None


async def one(deliver: Deliver, lease: timedelta) -> bool:
    """Send one letter; whether to look for another at once. Whatever goes wrong, the worker goes on."""
    try:
        letter = await waiting.take(lease)
        if letter is None:
            return False
        await attempt(deliver, letter)
    except Unavailable:
        log.warning("letters wait, as the database cannot be had")
        return False
    except Exception:
        log.exception("a letter could not be sent; it is tried again when its lease has passed")
        return False
    return True


async def attempt(deliver: Deliver, letter: Waiting) -> None:
    if letter.attempts > MOST_ATTEMPTS:
        await give_up(letter, "every attempt was broken off")
        return
    try:
        await deliver(seal.open(letter.sealed))
    except InvalidToken:
        await give_up(letter, "sealed by a key that SECRET_KEY no longer names")
    except Refused as error:
        await give_up(letter, str(error))
    except Undelivered as error:
        await try_later(letter, str(error))
    else:
        await settle(lambda: waiting.sent(letter))
        log.info("letter %s (%s) is sent, attempt %d", letter.id, letter.template, letter.attempts)


async def try_later(letter: Waiting, problem: str) -> None:
    if letter.attempts >= MOST_ATTEMPTS:
        await give_up(letter, problem)
        return
    await settle(lambda: waiting.put_off(letter, problem))
    log.warning("letter %s (%s) has to wait, attempt %d: %s", letter.id, letter.template, letter.attempts, problem)


async def give_up(letter: Waiting, problem: str) -> None:
    await settle(lambda: waiting.given_up(letter, problem))
    log.error("letter %s (%s) is given up, attempt %d: %s", letter.id, letter.template, letter.attempts, problem)


async def settle(note: Callable[[], Awaitable[None]]) -> None:
    """Note what became of a letter, even if the database is away for a while: a letter not noted as sent goes again."""
    for pause in SETTLE_PAUSES:
        try:
            await note()
        except Unavailable:
            await asyncio.sleep(pause)
        else:
            return
    await note()


async def rest(seconds: float, *events: asyncio.Event) -> None:
    """Until one of the events is set, at most so long."""
    waits = [asyncio.create_task(event.wait()) for event in events]
    try:
        await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()

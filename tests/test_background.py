"""What runs beside the requests starts with the application, goes on after a fault, and ends with it."""

import asyncio
import logging
from dataclasses import replace

import pytest

import background
from config import Settings
from errors import Unavailable
from mail import worker
from models.evidence.evidence_store import EvidenceStore
from models.storage import clean_up, scheduled_runs
from models.storage.database import Database
from tests.servers import served


@pytest.fixture
def active(settings: Settings, database: Database, store: EvidenceStore) -> Settings:
    return replace(settings, BACKGROUND_WORK=True)


async def cleaned() -> scheduled_runs.ScheduledRun:
    async with asyncio.timeout(60):
        while (run := await scheduled_runs.last(clean_up.NAME)) is None or run.finished_at is None:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    return run


async def test_it_cleans_up_when_it_starts(active: Settings, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "background"):
        async with background.running(active):
            run = await cleaned()
    assert run.outcome == {"sessions": 0, "links": 0, "throttles": 0, "letters": 0, "drafts": 0, "files": 0}
    assert "cleaned up: drafts 0, files 0, letters 0, links 0, sessions 0, throttles 0" in caplog.messages


async def test_nothing_runs_where_it_is_switched_off(settings: Settings, database: Database) -> None:
    before = asyncio.all_tasks()
    async with background.running(settings):
        assert asyncio.all_tasks() == before
    assert await scheduled_runs.last(clean_up.NAME) is None


async def test_a_fault_is_logged_and_stops_nothing_else(
    active: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(worker, "work", broken)
    async with background.running(active):
        await cleaned()
    assert "background work has ended" in caplog.text


@pytest.mark.parametrize("fault", [ZeroDivisionError, Unavailable])
async def test_a_clean_up_that_fails_is_tried_again(
    fault: type[Exception], active: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    tries = iter([fault, None])
    good = clean_up.clean_up

    async def sometimes(settings: Settings) -> dict[str, int] | None:
        if error := next(tries, None):
            raise error
        return await good(settings)

    monkeypatch.setattr(clean_up, "clean_up", sometimes)
    monkeypatch.setattr(background, "LOOK_SECONDS", 0.01)
    async with background.running(active):
        await cleaned()
    assert "clean" in caplog.text


async def test_what_does_not_stop_is_cancelled(active: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    ended = asyncio.Event()

    async def stubborn(*_: object) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    monkeypatch.setattr(worker, "work", stubborn)
    monkeypatch.setattr(background, "STOP_SECONDS", 0.01)
    async with background.running(active):
        await cleaned()
    assert ended.is_set()


async def test_of_two_servers_one_cleans_up(active: Settings) -> None:
    with served(active.DATABASE_URL, BACKGROUND_WORK="true"), served(active.DATABASE_URL, BACKGROUND_WORK="true"):
        run = await cleaned()
    assert (await cleaned()).finished_at == run.finished_at

"""The worker loses no letter, sends none twice, and keeps no secret longer than it must."""

import asyncio
import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

import background
from config import Settings
from errors import Unavailable
from mail import waiting, worker
from mail.delivery import delivery_of
from main import configure_logging
from models.storage.columns import utc_now
from models.storage.database import Database
from models.storage.sealing import seal
from tests.mail.mail_server import Post
from tests.mail.samples import SECRET, let_time_pass, queue_many, queue_sample, stored, the_only
from tests.servers import free_port

LEASE = timedelta(minutes=2)


async def step(settings: Settings) -> bool:
    return await worker.one(delivery_of(settings), LEASE)


async def test_sent_once_and_forgotten(plain: Settings, post: Post) -> None:
    await queue_sample()
    assert await step(plain) is True
    assert await step(plain) is False
    assert [letter.to for letter in post.taken] == ["ada@example.org"]
    assert SECRET in post.taken[0].links[0]
    row = await the_only()
    assert (row["sealed"], row["next_attempt_at"], row["failed_at"], row["problem"]) == (b"", None, None, "")
    assert row["sent_at"] is not None


async def test_the_oldest_first(plain: Settings, post: Post) -> None:
    readers = await queue_many(3)
    while await step(plain):
        pass
    assert [letter.to for letter in post.taken] == readers


async def test_refused_for_now_then_taken(plain: Settings, post: Post) -> None:
    await queue_sample()
    post.answers += ["451 4.3.0 try again", "421 4.3.2 shutting down"]
    assert await step(plain) is True
    row = await the_only()
    assert (row["attempts"], row["problem"]) == (1, "the mail server refused the content (451)")
    assert timedelta(seconds=40) < row["next_attempt_at"] - utc_now() < timedelta(seconds=72)
    assert await step(plain) is False
    await let_time_pass(timedelta(seconds=72))
    await step(plain)
    assert timedelta(seconds=140) < (await the_only())["next_attempt_at"] - utc_now() < timedelta(seconds=216)
    await let_time_pass(timedelta(seconds=216))
    await step(plain)
    assert len(post.taken) == 1
    assert (await the_only())["sent_at"] is not None


async def test_refused_for_good(plain: Settings, post: Post, caplog: pytest.LogCaptureFixture) -> None:
    await queue_sample()
    post.refused_readers["ada@example.org"] = "550 5.1.1 <ada@example.org> is nobody"
    await step(plain)
    row = await the_only()
    assert (row["sealed"], row["next_attempt_at"], row["sent_at"]) == (b"", None, None)
    assert (row["problem"], row["attempts"]) == ("the mail server refused the recipient (550)", 1)
    assert row["failed_at"] is not None
    assert f"letter {row['id']} (sample) is given up" in caplog.text
    assert "ada@" not in caplog.text


async def test_given_up_in_the_end(plain: Settings) -> None:
    await queue_sample()
    away = replace(plain, SMTP_PORT=free_port())
    waited = timedelta()
    while (row := await the_only())["failed_at"] is None:
        waited += max(row["next_attempt_at"] - utc_now(), timedelta())
        await let_time_pass(timedelta(hours=8))
        assert await step(away) is True
    assert row["attempts"] == waiting.MOST_ATTEMPTS
    assert row["problem"] == "the mail server cannot be used (ConnectionRefusedError)"
    assert timedelta(hours=18) < waited < timedelta(hours=30)


async def test_one_that_ends_its_worker_each_time_is_given_up(plain: Settings, post: Post) -> None:
    await queue_sample()
    for _ in range(waiting.MOST_ATTEMPTS):
        assert await waiting.take(LEASE) is not None
        await let_time_pass(LEASE)
    await step(plain)
    assert (await the_only())["problem"] == "every attempt was broken off"
    assert post.taken == []


async def test_a_lease_keeps_others_away_until_it_has_passed(plain: Settings) -> None:
    await queue_sample()
    first = await waiting.take(LEASE)
    assert first is not None
    assert await waiting.take(LEASE) is None
    await let_time_pass(LEASE)
    second = await waiting.take(LEASE)
    assert second is not None
    assert (first.id, first.attempts, second.attempts) == (second.id, 1, 2)


async def test_who_overslept_the_lease_speaks_for_nobody_else(plain: Settings) -> None:
    await queue_sample()
    late = await waiting.take(LEASE)
    await let_time_pass(LEASE)
    current = await waiting.take(LEASE)
    assert late is not None
    assert current is not None
    await waiting.given_up(late, "too late")
    await waiting.put_off(late, "too late")
    assert (await the_only())["problem"] == ""
    await waiting.sent(late)  # it is sent, whoever did it
    await waiting.put_off(current, "no")
    assert (await the_only())["next_attempt_at"] is None


async def test_takers_at_once_take_different_letters(plain: Settings) -> None:
    await queue_many(20)
    taken = await asyncio.gather(*(waiting.take(LEASE) for _ in range(30)))
    # One that meets another at the same letter may go away empty; nobody gets what somebody has.
    ids = [letter.id for letter in taken if letter]
    assert len(set(ids)) == len(ids)
    while letter := await waiting.take(LEASE):
        ids.append(letter.id)
    assert len(set(ids)) == len(ids) == 20


async def test_a_key_that_is_gone(plain: Settings, post: Post) -> None:
    await queue_sample()
    seal.configure(["another-key-of-another-installation"])
    await step(plain)
    assert (await the_only())["problem"] == "sealed by a key that SECRET_KEY no longer names"


async def test_a_key_that_was_changed(plain: Settings, post: Post) -> None:
    await queue_sample()
    seal.configure(["the-new-key-of-the-installation-0123", *plain.SECRET_KEY])
    await step(plain)
    assert len(post.taken) == 1


async def test_beside_the_requests(plain: Settings, post: Post) -> None:
    """A letter that is queued while the worker rests goes at once."""
    async with background.running(plain):
        await queue_sample()
        await asyncio.to_thread(post.wait, 1)
        await queue_sample(to="grace@example.org")
        await asyncio.to_thread(post.wait, 2)
    assert all(row["sent_at"] for row in await stored())


async def test_it_finishes_the_letter_it_sends(plain: Settings) -> None:
    begun, answer = asyncio.Event(), asyncio.Event()

    async def slow(_content: bytes) -> None:
        begun.set()
        await answer.wait()

    await queue_sample()
    stopping = asyncio.Event()
    task = asyncio.create_task(worker.one(slow, LEASE))
    await begun.wait()
    stopping.set()
    answer.set()
    await task
    assert (await the_only())["sent_at"] is not None


async def test_one_that_was_sent_and_not_noted_goes_twice_as_one_message(plain: Settings, post: Post) -> None:
    """What a crash between the server's answer and our note leaves behind."""
    await queue_sample()
    deliver = delivery_of(plain)

    async def crash(content: bytes) -> None:
        await deliver(content)
        raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        await worker.one(crash, LEASE)
    assert await step(plain) is False
    await let_time_pass(LEASE)
    assert await step(plain) is True
    first, second = (letter.message["Message-ID"] for letter in post.taken)
    assert first == second


async def test_the_note_waits_for_the_database(plain: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "SETTLE_PAUSES", (0, 0))
    answers = [Unavailable(), Unavailable(), None]

    async def note() -> None:
        if error := answers.pop(0):
            raise error

    await worker.settle(note)
    answers[:] = [Unavailable()] * 3
    with pytest.raises(Unavailable):
        await worker.settle(note)


async def test_it_goes_on_after_a_fault(plain: Settings, caplog: pytest.LogCaptureFixture) -> None:
    await queue_sample()

    async def broken(_content: bytes) -> None:
        raise ZeroDivisionError

    assert await worker.one(broken, LEASE) is False
    assert "a letter could not be sent" in caplog.text
    await let_time_pass(LEASE)
    assert await step(plain) is True


async def test_it_goes_on_when_the_database_is_back(plain: Settings, configured: Database, post: Post) -> None:
    await queue_sample()
    good = configured.settings
    assert good is not None
    await configured.disconnect()
    nowhere = "postgresql://nobody@127.0.0.1:1/nothing" if good.is_postgresql else "sqlite:////nonexistent/turva.db"
    configured.configure(nowhere)
    await configured.connect()
    assert await step(plain) is False
    await configured.disconnect()
    configured.configure(plain.DATABASE_URL)
    await configured.connect()
    assert await step(plain) is True
    assert len(post.taken) == 1


@pytest.fixture
def everything_logged(plain: Settings, capsys: pytest.CaptureFixture[str]) -> Iterator[None]:
    root, sqlite = logging.getLogger(), logging.getLogger("aiosqlite")
    before = root.handlers, root.level, sqlite.level
    root.handlers = []
    configure_logging(replace(plain, LOG_LEVEL="debug"))
    # The mail server of the test is no part of the product.
    logging.getLogger("mail.log").setLevel(logging.ERROR)
    yield
    root.handlers, root.level, sqlite.level = before
    logging.getLogger("mail.log").setLevel(logging.NOTSET)
    root.manager._clear_cache()  # type: ignore[attr-defined]


async def test_neither_log_nor_database_holds_the_letter(
    everything_logged: None, plain: Settings, post: Post, capsys: pytest.CaptureFixture[str]
) -> None:
    await queue_sample(name="Zenobia")
    waiting_rows = await stored()
    post.answers.append("554 5.7.1 no link such as https://turva.example.org for ada@example.org, Zenobia")
    await step(plain)
    await queue_sample(name="Zenobia")
    post.answers.append("451 ada@example.org: later, Zenobia")
    await step(plain)
    await let_time_pass(timedelta(minutes=2))
    await step(plain)
    told = capsys.readouterr().err
    assert "is given up" in told
    assert "has to wait" in told
    assert "is sent" in told
    kept = [told, str(waiting_rows), str(await stored())]
    assert not [one for one in (SECRET, "ada@example", "Zenobia", "turva.example.org") if any(one in x for x in kept)]

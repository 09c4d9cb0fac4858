"""Letters about notices: one for what a transaction tells a person, and one a day with what is not read."""

from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa

from config import Settings
from mail import hazard_notices, worker
from mail.delivery import delivery_of
from models.audit.audit import COMMAND_LINE
from models.comments import hazard_notices as told
from models.enumerations import NoticeKind, NoticesByMail, Role
from models.hazards.hazards import Hazard
from models.projects import members
from models.storage import scheduled_runs
from models.storage.database import database
from models.users.people import USERS
from tests.mail.mail_server import Post
from tests.models.samples import make_hazard, make_user

SOON = timedelta(0)


async def member(hazard: Hazard, name: str, by_mail: NoticesByMail) -> UUID:
    key = (await make_user(f"{name}@example.org")).id
    async with database.transaction() as connection:
        values = {"is_verified": True, "notices_by_mail": by_mail}
        await connection.execute(sa.update(USERS).where(USERS.c.id == key).values(**values))
    await members.add(COMMAND_LINE, hazard.project.id, key, Role.OWNER)
    return key


@pytest.fixture
async def hazard(plain: Settings) -> Hazard:
    hazard_notices.bind()
    return await make_hazard()


async def tell(hazard: Hazard, *people: UUID, count: int = 1) -> None:
    async with database.transaction():
        for _ in range(count):
            await told.tell(NoticeKind.STALE, hazard.id, people)


async def sent(plain: Settings, post: Post) -> list[tuple[str, str]]:
    while await worker.one(delivery_of(plain), timedelta(minutes=2)):
        pass
    return [(letter.to, letter.subject) for letter in post.taken]


async def test_at_once_by_one_letter_for_a_transaction(hazard: Hazard, plain: Settings, post: Post) -> None:
    ada = await member(hazard, "ada2", NoticesByMail.AT_ONCE)
    others = [await member(hazard, by_mail, by_mail) for by_mail in (NoticesByMail.DAILY, NoticesByMail.NEVER)]
    await tell(hazard, ada, *others, count=2)
    assert await sent(plain, post) == [("ada2@example.org", "2 notices from Turva")]
    assert post.taken[0].text.count("HAZ-001 in Ward tablets\nYour acceptance") == 2
    assert await hazard_notices.digest(SOON) == 1
    assert (await sent(plain, post))[1:] == [("daily@example.org", "2 notices from Turva")]
    assert await hazard_notices.digest(SOON) == 0


async def test_a_rollback_tells_nobody(hazard: Hazard, plain: Settings, post: Post) -> None:
    ada = await member(hazard, "ada2", NoticesByMail.AT_ONCE)
    with pytest.raises(ZeroDivisionError):
        async with database.transaction():
            await told.tell(NoticeKind.OWNER, hazard.id, [ada])
            raise ZeroDivisionError
    assert (await sent(plain, post), await told.unread(ada)) == ([], 0)


async def test_the_digest_holds_what_still_concerns_its_reader(hazard: Hazard, plain: Settings, post: Post) -> None:
    reader, left, gone = [await member(hazard, name, NoticesByMail.DAILY) for name in ("reader", "left", "gone")]
    await tell(hazard, reader, left, gone, count=60)
    for one in await members.listed(hazard.project.id):
        if one["user_id"] == gone:
            await members.remove(COMMAND_LINE, hazard.project.id, one["id"])
    await told.mark_read(COMMAND_LINE, left)
    assert await hazard_notices.digest() == 1
    assert await sent(plain, post) == [("reader@example.org", "60 notices from Turva")]
    assert "And 10 more." in post.taken[0].text
    await tell(hazard, reader)
    assert await hazard_notices.digest() is None, "a day has not passed"
    run = await scheduled_runs.last(hazard_notices.NAME)
    assert run is not None
    assert run.outcome == {"letters": 1}


async def test_by_whom_nobody_is_told(hazard: Hazard) -> None:
    ada = await member(hazard, "ada2", NoticesByMail.NEVER)
    stranger = await make_user("stranger@example.org")
    async with database.transaction():
        await told.tell(NoticeKind.OWNER, hazard.id, [ada, stranger.id], by=ada)
        await told.tell(NoticeKind.OWNER, hazard.id, [])
    assert (await told.unread(ada), await told.unread(stranger.id)) == (0, 0)

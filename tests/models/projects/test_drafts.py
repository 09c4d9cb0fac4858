"""Drafts: one for each form and person, sealed, only as many as there may be, gone when they were sent or are old."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from config import Settings
from errors import NotSignedIn
from models.audit.audit import Actor
from models.projects import drafts
from models.projects.drafts import DRAFTS
from models.storage import clean_up
from models.storage.columns import new_id, utc_now
from models.storage.database import Database
from models.storage.sealing import seal
from tests.models.samples import make_user

FORM = "name=Late+result&causes=One%0D%0Atwo"
HERE = "/projects/create/"


async def test_each_person_has_one_of_each_form(database: Database) -> None:
    seal.configure(["0123456789abcdef" * 2])
    ada, bob = Actor((await make_user()).id), Actor((await make_user("bob@example.org")).id)
    assert ada.user_id
    assert bob.user_id
    for form in ("name=Lat", FORM):
        await drafts.keep(ada, HERE, form)
    await drafts.keep(bob, HERE, "name=Other")
    kept = await drafts.kept(ada.user_id, HERE)
    assert kept
    assert kept.form == FORM
    assert abs(kept.at - utc_now()) < timedelta(minutes=5)
    await drafts.discard(ada, HERE)
    await drafts.discard(ada, "/nowhere/")
    assert await drafts.kept(ada.user_id, HERE) is None
    assert await drafts.kept(bob.user_id, HERE)


async def test_what_is_stored_does_not_say_what_was_typed(database: Database) -> None:
    seal.configure(["0123456789abcdef" * 2])
    actor = Actor((await make_user()).id)
    assert actor.user_id
    await drafts.keep(actor, HERE, FORM)
    async with database.connection() as connection:
        (row,) = (await connection.execute(sa.select(DRAFTS.c.sealed))).scalars()
    assert b"Late" not in row
    seal.configure(["another key of SECRET_KEY, long enough"])
    assert await drafts.kept(actor.user_id, HERE) is None


async def test_the_oldest_gives_way(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    seal.configure(["0123456789abcdef" * 2])
    monkeypatch.setattr(drafts, "MOST", 2)
    actor = Actor((await make_user()).id)
    assert actor.user_id
    for name in "abc":
        await drafts.keep(actor, f"/{name}/", FORM)
    assert [bool(await drafts.kept(actor.user_id, f"/{name}/")) for name in "abc"] == [False, True, True]


async def test_a_session_that_has_ended_keeps_nothing(database: Database) -> None:
    seal.configure(["0123456789abcdef" * 2])
    actor = Actor((await make_user()).id, new_id())
    assert actor.user_id
    with pytest.raises(NotSignedIn):
        await drafts.keep(actor, HERE, FORM)
    assert await drafts.kept(actor.user_id, HERE) is None


@pytest.mark.usefixtures("store")
async def test_old_ones_go(database: Database, settings: Settings) -> None:
    actor = Actor((await make_user()).id)
    assert actor.user_id
    for name, days in (("/old/", 1), ("/new/", -1)):
        await drafts.keep(actor, name, FORM)
        old = utc_now() - drafts.KEPT - timedelta(days=days)
        async with database.connection() as connection:
            await connection.execute(sa.update(DRAFTS).where(DRAFTS.c.path == name).values(updated_date=old))
    removed = await clean_up.clean_up(settings, timedelta())
    assert removed
    assert removed["drafts"] == 1
    assert await drafts.kept(actor.user_id, "/new/")

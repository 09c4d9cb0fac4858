"""Who accepted a risk is told once when somebody else changes what they accepted."""

import sqlalchemy as sa

from models.audit.audit import COMMAND_LINE, Actor
from models.comments import hazard_notices
from models.enumerations import NoticeKind
from models.hazards import hazard_edits
from models.storage.database import Database
from models.users.people import USERS
from tests.models.accepting import a_log
from tests.models.samples import make_user


async def test_an_acceptance_that_goes_stale_is_told_to_who_gave_it(database: Database) -> None:
    log = await a_log()
    user_id = log.actor.user_id
    async with database.transaction() as connection:
        await connection.execute(sa.update(USERS).where(USERS.c.id == user_id).values(is_verified=True))
    hazard = await log.hazard(2)
    await log.accept(hazard)

    async def edit(actor: Actor, harm: str) -> None:
        version = (await hazard_edits.locked(log.project, hazard))["version"]
        await hazard_edits.edit(actor, log.project, hazard, version, {"harm": harm})

    # Who changes it by their own hand knows of it.
    await edit(log.actor, "Death")
    await edit(log.actor, "")
    assert await hazard_notices.unread(user_id) == 0
    for actor, harm in ((Actor((await make_user("contributor@example.org")).id), "Death"), (COMMAND_LINE, "Pain")):
        await edit(actor, harm)
    [told], total = await hazard_notices.page(user_id, 1, 20)
    assert (total, told["kind"], told["hazard_id"], told["comment_id"]) == (1, NoticeKind.STALE, hazard, None)

"""Who accepted a risk is told once when what they accepted is not there any more."""

import sqlalchemy as sa

from models import hazard_edits, hazard_notices
from models.database import Database
from models.enumerations import NoticeKind
from models.people import USERS
from tests.models.accepting import a_log


async def test_an_acceptance_that_goes_stale_is_told_to_who_gave_it(database: Database) -> None:
    log = await a_log()
    user_id = log.actor.user_id
    async with database.transaction() as connection:
        await connection.execute(sa.update(USERS).where(USERS.c.id == user_id).values(is_verified=True))
    hazard = await log.hazard(2)
    await log.accept(hazard)
    assert await hazard_notices.unread(user_id) == 0
    for harm in ("Death", "Pain"):
        version = (await hazard_edits.locked(log.project, hazard))["version"]
        await hazard_edits.edit(log.actor, log.project, hazard, version, {"harm": harm})
    [told], total = await hazard_notices.page(user_id, 1, 20)
    assert (total, told["kind"], told["hazard_id"], told["comment_id"]) == (1, NoticeKind.STALE, hazard, None)

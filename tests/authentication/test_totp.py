"""Seeds of authenticator apps outlive a change of SECRET_KEY, if they are used while both keys are there."""

import pytest

from authentication import totp
from models.storage.database import database
from models.storage.sealing import seal
from tests.authentication.factors import KEY, Clock, store_app
from tests.clients import Person

OLD, NEW = "an-old-key-for-tests-0123456789-abcdefgh", "a-new-key-for-tests-0123456789-abcdefgh"


@pytest.mark.parametrize("used", [True, False])
async def test_a_seed_that_was_used_outlives_the_old_key(owner: Person, clock: Clock, used: bool) -> None:
    seal.configure([OLD])
    await store_app(owner.id)
    seal.configure([NEW, OLD])
    if used:
        step = await totp.matching(owner.id, clock.code(KEY))
        assert step
        async with database.transaction():
            assert await totp.spend(owner.id, step)
            assert not await totp.spend(owner.id, step)
    seal.configure([NEW])
    clock.advance()
    assert (await totp.matching(owner.id, clock.code(KEY)) is not None) is used

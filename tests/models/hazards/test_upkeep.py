"""Followers see every hazard that a transaction touched, once, and share its fate."""

from collections.abc import Sequence
from uuid import UUID

import pytest

from models import Hazard
from models.hazards import upkeep
from models.storage.database import Database
from tests.models.samples import make_hazard, record


async def test_followers_are_called_once_before_the_commit(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[list[UUID]] = []

    async def follower(keys: Sequence[UUID]) -> None:
        seen.append(list(keys))
        assert database.get_transaction_connection() is not None

    monkeypatch.setattr(upkeep, "FOLLOWERS", (follower,))
    hazard = await make_hazard()
    async with database.transaction():
        upkeep.touched(hazard.id)
        upkeep.touched(hazard.id)
        await record("hazard:edit")
        assert seen == []
    assert seen == [[hazard.id]]


async def test_a_follower_that_fails_undoes_the_write(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fails(_: Sequence[UUID]) -> None:
        raise LookupError

    monkeypatch.setattr(upkeep, "FOLLOWERS", (fails,))
    hazard = await make_hazard()
    with pytest.raises(LookupError):
        async with database.transaction():
            await Hazard.objects.filter(id=hazard.id).update(name="Other")
            upkeep.touched(hazard.id)
    assert (await Hazard.objects.get()).name == "Wrong patient"

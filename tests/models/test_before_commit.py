"""The last steps of a transaction: taken once, with what everybody gave, and part of it."""

import asyncio
from collections.abc import Sequence

import pytest

from models import User
from models.storage.database import Database
from tests.models.samples import make_user


class Step:
    """Writes down what it was given, and how many users it and another task saw at that moment."""

    def __init__(self) -> None:
        self.taken: list[tuple[list[str], int, int]] = []

    async def __call__(self, things: Sequence[str]) -> None:
        others = await asyncio.create_task(User.objects.count())
        self.taken.append((list(things), await User.objects.count(), others))


async def fail(_things: Sequence[str]) -> None:
    raise ValueError("the last step")


async def break_off(database: Database, step: Step) -> None:
    async with database.transaction():
        database.before_commit(step, "lost")
        raise ValueError("broken off")


async def test_taken_once_inside_with_the_things_of_all(database: Database) -> None:
    step, other = Step(), Step()
    async with database.transaction():
        database.before_commit(step, "a", "b")
        async with database.transaction():
            database.before_commit(other, "x")
            database.before_commit(step, "c")
        await make_user()
        assert step.taken == []
    assert (step.taken, other.taken) == ([(["a", "b", "c"], 1, 0)], [(["x"], 1, 0)])
    await make_user("later@b")
    assert len(step.taken) == 1


async def test_what_was_rolled_back_is_left_out(database: Database) -> None:
    step = Step()
    with pytest.raises(ValueError, match="broken off"):
        await break_off(database, step)
    async with database.transaction():
        database.before_commit(step, "a")
        with pytest.raises(ValueError, match="broken off"):
            await break_off(database, step)
        database.before_commit(step, "b")
    assert step.taken == [(["a", "b"], 0, 0)]


async def test_a_step_that_fails_undoes_the_transaction(database: Database) -> None:
    with pytest.raises(ValueError, match="last step"):
        async with database.transaction():
            await make_user()
            database.before_commit(fail)
    assert await User.objects.count() == 0


async def test_it_needs_a_transaction_of_this_task(database: Database) -> None:
    with pytest.raises(RuntimeError, match="open transaction"):
        database.before_commit(fail)

    async def borrow() -> None:
        database.before_commit(fail)

    async with database.transaction():
        with pytest.raises(RuntimeError, match="open transaction"):
            await asyncio.create_task(borrow())


async def test_a_step_may_ask_for_others(database: Database) -> None:
    last = Step()

    async def first(_things: Sequence[str]) -> None:
        database.before_commit(last, "b")

    async with database.transaction():
        database.before_commit(last, "a")
        database.before_commit(first, "x")
    assert [things for things, *_ in last.taken] == [["a"], ["b"]]

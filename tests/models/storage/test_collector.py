"""The collector of garbage is as it was when the last of those who wanted rest has ended, also by an error."""

import gc
from contextlib import ExitStack

import pytest

from models.storage import collector


def test_whoever_ends_last_restores_it() -> None:
    before = gc.get_threshold()
    first, second = ExitStack(), ExitStack()
    first.enter_context(collector.seldom())
    second.enter_context(collector.seldom())
    assert gc.get_threshold()[0] == collector.SELDOM
    first.close()
    assert gc.get_threshold()[0] == collector.SELDOM
    second.close()
    assert gc.get_threshold() == before


def test_an_error_restores_it() -> None:
    before = gc.get_threshold()
    with pytest.raises(ValueError, match="bad"), collector.seldom():
        raise ValueError("bad")
    assert gc.get_threshold() == before


def test_cycles_are_still_freed() -> None:
    gc.collect()
    with collector.seldom():
        cycles: list[object] = []
        looks = gc.get_stats()[0]["collections"]
        for _ in range(2 * collector.SELDOM):
            cycles.append([cycles])
        assert gc.get_stats()[0]["collections"] > looks

"""Lets Python's collector of garbage look around less often while thousands of objects are made that all stay."""

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager

SELDOM = 50_000
"""New objects before it looks; by Python's own 700 an import has it look through everything there is several times."""

_lock = threading.Lock()
_before: list[tuple[int, int, int]] = []


@contextmanager
def seldom() -> Iterator[None]:
    """Cycles are still freed, a little later; whoever ends last, of several at a time, restores what was before."""
    with _lock:
        _before.append(gc.get_threshold())
        gc.set_threshold(SELDOM)
    try:
        yield
    finally:
        with _lock:
            before = _before.pop()
            if not _before:
                gc.set_threshold(*before)

"""Whose calls coverage measures: those of tests that know what the code they reach is for.

Tracing makes Python 2.2 times as slow. So it rests where it tells nothing: while tests sweep over all endpoints, race
or measure, and while a test of endpoints that runs on SQLite runs on PostgreSQL. What is set up for them is measured.
"""

import os
from collections.abc import Iterator, Sequence

import pytest
from coverage import Coverage

SWEEPS = (
    "tests/authentication/test_access.py",
    "tests/authentication/test_fence_rounds.py",
    "tests/authentication/test_scopes.py",
    "tests/benchmarks/",
    "tests/endpoints/projects/test_permissions.py",
    "tests/endpoints/test_odd_values.py",
    "tests/test_schemathesis.py",
    "tests/test_two_servers.py",
)
ENDPOINTS = "tests/endpoints/"
"""Endpoints know nothing of the kind of database; what does has tests of its own, which are measured on both."""
TO_PROCESSES = "COVERAGE_PROCESS_CONFIG"
"""By this the processes that a test starts know that they are measured."""


def backend_of(item: pytest.Item) -> str:
    return str(item.callspec.params.get("backend", "")) if hasattr(item, "callspec") else ""


def twins(items: Sequence[pytest.Item]) -> Iterator[str]:
    """The tests of endpoints on PostgreSQL that run on SQLite as well."""
    asked = {item.nodeid for item in items}
    for item in items:
        if backend_of(item) == "postgresql" and item.nodeid.startswith(ENDPOINTS):
            other = item.nodeid.replace("[postgresql", "[sqlite")
            if other != item.nodeid and other in asked:
                yield item.nodeid


TWINS = pytest.StashKey[frozenset[str]]()


def is_twin(item: pytest.Item) -> bool:
    stash = item.config.stash
    if TWINS not in stash:
        stash[TWINS] = frozenset(twins(item.session.items))
    return item.nodeid in stash[TWINS]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """The servers of a sweep are not measured either."""
    told = os.environ.pop(TO_PROCESSES, None) if item.nodeid.startswith(SWEEPS) else None
    try:
        return (yield)
    finally:
        if told:
            os.environ[TO_PROCESSES] = told


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """Only the call: fixtures of a whole session, and what is imported for them, are set up in any test."""
    measuring = Coverage.current()
    if measuring is None or not (item.nodeid.startswith(SWEEPS) or is_twin(item)):
        return (yield)
    measuring.stop()
    try:
        return (yield)
    finally:
        measuring.start()

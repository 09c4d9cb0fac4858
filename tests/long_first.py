"""The longest tests come first, so that no process of the tests is left alone with one of them at the end."""

import pytest

LONG = (
    "tests/test_schemathesis.py",
    "tests/endpoints/test_odd_values.py",
    "tests/benchmarks/",
    "tests/test_streams_of_two_servers.py",
    "tests/test_two_servers.py",
    "tests/authentication/test_fence_rounds.py",
    "tests/test_recipes.py",
    "tests/browser/test_import_to_closure.py",
    "tests/authentication/test_access.py",
    "tests/authentication/test_scopes.py",
)


def rank(item: pytest.Item) -> int:
    return next((place for place, path in enumerate(LONG) if item.nodeid.startswith(path)), len(LONG))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All others stay in their order."""
    items.sort(key=rank)

"""A command line in a folder and an environment of its own."""

import os
from pathlib import Path

import pytest

import commands

ROOT = Path(commands.__file__).parent.parent
KEY = "a3f1c5e7092b4d6f8e1c3a5b7d9f0e2c"


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The whole environment of the command, empty of settings; commands change it, so it is put back afterwards."""
    # What coverage needs to measure the processes that tests start.
    kept = {name: os.environ[name] for name in os.environ if name in {"PATH", "HOME"} or name.startswith("COVERAGE_")}
    monkeypatch.setattr(os, "environ", kept)
    monkeypatch.chdir(tmp_path)
    return kept


@pytest.fixture
def settings(environment: dict[str, str], database_url: str) -> dict[str, str]:
    """Settings of a migrated database, on SQLite and again on PostgreSQL."""
    environment |= {"DATABASE_URL": database_url, "SECRET_KEY": KEY, "TEST_ENVIRONMENT": "true"}
    return environment

"""Cleaning up by hand: the counts are printed, and what the last run removed."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from commands import run
from models.storage import clean_up, scheduled_runs
from models.storage.columns import utc_now
from tests.authentication import stored
from tests.commands.test_create_user import read

NOTHING = "drafts 0, files 0, letters 0, links 0, sessions 0, throttles 0"


def test_now_and_what_the_last_run_removed(settings: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["clean-up", "--last"]) == 0
    assert capsys.readouterr().out == "It has not run yet.\n"
    old = utc_now() - clean_up.THROTTLES_KEPT - timedelta(days=1)
    made = sa.insert(clean_up.THROTTLES).values(subject="old", failures=1, last_failure=old)
    read(settings, stored.change(made))
    assert run(["clean-up"]) == 0
    removed = NOTHING.replace("throttles 0", "throttles 1")
    assert capsys.readouterr().out == f"Removed: {removed}\n"
    assert run(["clean-up", "--last"]) == 0
    assert capsys.readouterr().out == f"{time_of(settings)} UTC: {removed}\n"
    assert run(["clean-up"]) == 0  # whatever the schedule says
    assert capsys.readouterr().out == f"Removed: {NOTHING}\n"


def time_of(settings: dict[str, str]) -> str:
    last = read(settings, scheduled_runs.last(clean_up.NAME))
    return f"{last.finished_at:%Y-%m-%d %H:%M}"


def test_while_another_does_it(settings: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    read(settings, scheduled_runs.claim(clean_up.NAME, timedelta(), clean_up.LEASE))
    assert run(["clean-up"]) == 1
    assert "Another process is cleaning up" in capsys.readouterr().err

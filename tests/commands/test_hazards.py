"""A hazard log at the command line: read whole or in part, and worked on by who may."""

import asyncio
import json
from typing import Any
from uuid import UUID

import pytest

from commands import hazards, run
from config import load_settings
from models.audit.audit import COMMAND_LINE
from models.projects import governance
from models.storage.opening import opened
from tests.authentication import stored
from tests.commands.logs import ADA, GRACE, begun
from tests.commands.test_create_user import read

RATED = [
    *("--severity", "major", "--severity-justification", "One patient"),
    *("--likelihood", "very_low", "--likelihood-justification", "Never seen"),
]
ACTS = {
    "create": ["create", "--name", "A third hazard of this log"],
    "assess": ["assess", "HAZ-001", "--stage", "residual", *RATED],
    "close": ["close", "HAZ-001", "--justification", "Nothing is left"],
}


@pytest.fixture
def project(settings: dict[str, str]) -> str:
    return begun(settings)


def listed(capsys: pytest.CaptureFixture[str], *more: str) -> Any:
    capsys.readouterr()
    assert run(["hazards", "list", "--project", "Ward round", "--format", "json", *more]) == 0
    return json.loads(capsys.readouterr().out)


def test_the_log_as_a_table(settings: dict[str, str], project: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["hazards", "list", "--project", project]) == 0
    heading, first, second = capsys.readouterr().out.splitlines()
    assert heading.split() == list(hazards.HEADINGS)
    assert first.split()[:5] == ["HAZ-001", "open", "3", "-", "Ada"]
    assert second.split()[:4] == ["HAZ-002", "open", "-", "-"]


@pytest.mark.parametrize(
    ("more", "numbers"),
    [
        ([], [1, 2]),
        (["--level", "3"], [1]),
        (["--level", "3", "--level", "4"], [1]),
        (["--status", "closed"], []),
        (["--search", "dose"], [2]),
        (["--status", "open", "--search", "wrong patient"], [1]),
    ],
)
def test_a_part_of_the_log(
    settings: dict[str, str], project: str, capsys: pytest.CaptureFixture[str], more: list[str], numbers: list[int]
) -> None:
    assert [hazard["number"] for hazard in listed(capsys, *more)] == numbers


def test_a_log_is_read_in_batches(
    settings: dict[str, str], project: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hazards, "BATCH", 1)
    assert [hazard["number"] for hazard in listed(capsys)] == [1, 2]


@pytest.mark.parametrize("reference", ["HAZ-001", "haz-1", "1"])
def test_one_hazard(settings: dict[str, str], project: str, capsys: pytest.CaptureFixture[str], reference: str) -> None:
    assert run(["hazards", "show", reference, "--project", project]) == 0
    told = capsys.readouterr().out.splitlines()
    assert told[0] == "HAZ-001 (version 1)"
    assert "Control (existing, implemented): The date of birth stands beside each name" in told
    assert "Initial risk: level 3, severity major, likelihood low" in told
    assert run(["hazards", "show", reference, "--project", project, "--format", "json"]) == 0
    hazard = json.loads(capsys.readouterr().out)
    assert (hazard["reference"], hazard["initial"]["level"], hazard["residual"]) == ("HAZ-001", 3, None)


@pytest.mark.parametrize("reference", ["HAZ-003", "nothing", "0"])
def test_a_hazard_that_is_not_there(
    settings: dict[str, str], project: str, capsys: pytest.CaptureFixture[str], reference: str
) -> None:
    assert run(["hazards", "show", reference, "--project", project]) == 1
    assert "no such hazard" in capsys.readouterr().err


def test_a_hazard_is_recorded_and_judged_in_the_name_of_who_may(
    settings: dict[str, str], project: str, capsys: pytest.CaptureFixture[str]
) -> None:
    who = ["--project", "Ward round", "--email-address", ADA]
    more = ["--harm", "A fall", "--cause", "One", "--cause", "Two", "--existing-control", "Rails are up at night"]
    assert run(["hazards", *ACTS["create"], *more, *who]) == 0
    assert capsys.readouterr().out == "HAZ-003\n"
    assert run(["hazards", "assess", "HAZ-003", "--stage", "initial", *RATED, *who]) == 0
    assert capsys.readouterr().out == "Level 2\n"
    hazard = listed(capsys)[2]
    assert (hazard["harm"], hazard["causes"], hazard["initial"]["level"]) == ("A fall", ["One", "Two"], 2)
    assert hazard["initial"]["assessed_by"]
    entries = read(settings, stored.history("hazard:create", "hazard:assess"))[-2:]
    assert {entry["request_id"] for entry in entries} == {"command line"}
    assert all(entry["user_id"] for entry in entries)


def test_what_keeps_a_hazard_open_is_told_in_lines(
    settings: dict[str, str], project: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Level 3, and nobody has argued or accepted it."""
    assert run(["hazards", *ACTS["close"], "--project", project, "--email-address", ADA]) == 1
    assert len(capsys.readouterr().err.splitlines()) > 1
    assert listed(capsys, "--status", "closed") == []


def test_a_hazard_that_nothing_keeps_open_is_closed(
    settings: dict[str, str], project: str, capsys: pytest.CaptureFixture[str]
) -> None:
    who = ["--project", project, "--email-address", ADA]
    assert run(["hazards", "assess", "HAZ-002", "--stage", "initial", *RATED, "--severity", "minor", *who]) == 0
    assert run(["hazards", "close", "HAZ-002", "--justification", "Nothing is left", *who]) == 0
    assert capsys.readouterr().out == "Level 1\nThe hazard is closed.\n"
    [hazard] = listed(capsys, "--status", "closed")
    assert (hazard["number"], hazard["status_justification"]) == (2, "Nothing is left")


@pytest.mark.parametrize("act", ACTS)
def test_who_may_not_is_refused(
    settings: dict[str, str], project: str, capsys: pytest.CaptureFixture[str], act: str
) -> None:
    for who, told in ((GRACE, "does not allow this"), ("nobody@example.org", "no such project for this email address")):
        assert run(["hazards", *ACTS[act], "--project", project, "--email-address", who]) == 1
        assert told in capsys.readouterr().err
    assert [hazard["version"] for hazard in listed(capsys)] == [1, 1]


@pytest.mark.parametrize("act", ACTS)
def test_an_archived_project_is_only_read(
    settings: dict[str, str], project: str, capsys: pytest.CaptureFixture[str], act: str
) -> None:
    asyncio.run(put_away(settings, project))
    assert run(["hazards", *ACTS[act], "--project", project, "--email-address", ADA]) == 1
    assert "archived" in capsys.readouterr().err
    assert [hazard["version"] for hazard in listed(capsys)] == [1, 1]


async def put_away(settings: dict[str, str], project: str) -> None:
    async with opened(load_settings(settings)):
        await governance.archive(COMMAND_LINE, UUID(project), "Replaced")


@pytest.mark.parametrize("name", ["", " ", "x" * 301, "two\nlines", "a bell \a"])
def test_a_text_that_the_page_would_refuse_is_refused(settings: dict[str, str], name: str) -> None:
    with pytest.raises(SystemExit) as left:
        run(["hazards", "create", "--project", "Ward round", "--email-address", ADA, "--name", name])
    assert left.value.code == 2

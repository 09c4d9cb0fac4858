"""The quality checks at the command line: what they find, and a status that a build can act on."""

import json
import subprocess
import sys
from uuid import uuid4

import pytest

from checks.rules import RULES
from commands import run
from tests.commands.conftest import ROOT
from tests.commands.logs import begun


@pytest.fixture
def project(settings: dict[str, str]) -> str:
    return begun(settings)


def test_each_finding_is_a_line_and_the_last_one_counts(
    settings: dict[str, str], project: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["check", "--project", project]) == 0
    *findings, last = capsys.readouterr().out.splitlines()
    assert "HAZ-002: error HAZ001: The hazard has no owner. Edit it and say who sees to it." in findings
    assert not [line for line in findings if line.startswith("HAZ-001: error HAZ001")]
    # Of each hazard a rule counts once, as on the page of the checks, however many lines it has there.
    errors = len({tuple(line.split(":")[:2]) for line in findings if ": error " in line})
    assert last.startswith(f"Ward round: 2 hazards checked; error {errors}, warning ")


@pytest.mark.parametrize(
    ("rules", "least", "status"),
    [
        (["HAZ001"], "error", 1),
        (["HAZ001"], "advice", 1),
        (["HAZ003"], "error", 0),
        (["HAZ003"], "warning", 1),
        (["HAZ003", "HAZ001"], "error", 1),
        (["HAZ007"], "warning", 0),
        (["CTL001"], "advice", 0),
    ],
)
def test_it_fails_on_what_is_as_grave_as_asked(
    settings: dict[str, str], project: str, rules: list[str], least: str, status: int
) -> None:
    wanted = [part for rule in rules for part in ("--rule", rule)]
    assert run(["check", "--project", project, "--fail-on", least, *wanted]) == status
    assert run(["check", "--project", project, *wanted]) == 0


def test_programs_get_json(settings: dict[str, str], project: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", "--project", "ward ROUND", "--format", "json", "--rule", "HAZ001"]) == 0
    told = json.loads(capsys.readouterr().out)
    [rule] = [rule for rule in RULES if rule.id == "HAZ001"]
    assert told == {
        "project": "Ward round",
        "checked": 2,
        "by_severity": {"error": 1, "warning": 0, "advice": 0},
        "findings": [
            {
                "hazard": "HAZ-002",
                "rule": "HAZ001",
                "severity": "error",
                "title": rule.title,
                "message": "The hazard has no owner. Edit it and say who sees to it.",
                "reason": rule.reason,
                "clause": rule.clause,
            }
        ],
    }


def test_what_cannot_be_checked_is_no_finding(
    settings: dict[str, str], project: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for named in ("Nothing like it", str(uuid4())):
        assert run(["check", "--project", named, "--fail-on", "error"]) == 2
        assert "no such project" in capsys.readouterr().err
    settings["DATABASE_URL"] = "postgresql://nobody@127.0.0.1:1/nothing"
    assert run(["check", "--project", project, "--fail-on", "error"]) == 2
    assert "The log was not checked." in capsys.readouterr().err


def test_a_name_that_several_projects_have_is_not_guessed(
    settings: dict[str, str], project: str, capsys: pytest.CaptureFixture[str]
) -> None:
    other = begun(settings, "mary@example.org", "jean@example.org")
    assert run(["check", "--project", "Ward round"]) == 2
    told = capsys.readouterr().err
    assert project in told
    assert other in told


@pytest.mark.parametrize("more", [["--fail-on", "grave"], ["--rule", "HAZ999"], ["--format", "xml"]])
def test_what_is_not_understood_ends_with_2(settings: dict[str, str], more: list[str]) -> None:
    with pytest.raises(SystemExit) as left:
        run(["check", "--project", "Ward round", *more])
    assert left.value.code == 2


def test_a_build_sees_the_status_of_the_process(settings: dict[str, str], project: str) -> None:
    command = [sys.executable, str(ROOT / "main.py"), "check", "--project", "Ward round", "--fail-on"]
    statuses, told = [], ""
    for least in ("error", "grave"):
        done = subprocess.run([*command, least], env=settings, capture_output=True, check=False, text=True)  # noqa: S603 - our own program
        statuses.append(done.returncode)
        told += done.stdout
    assert statuses == [1, 2]
    assert "HAZ-002: error HAZ001" in told

"""Import on the command line does what the page does, for who may do it there, and says what it found."""

from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from commands import run
from models.audit.audit import COMMAND_LINE, Actor
from models.enumerations import Role, Standard, Visibility
from models.hazards import hazard_pages
from models.hazards.hazard_filters import HazardFilter
from models.projects import members, projects
from models.users import accounts
from tests.commands.test_create_user import read
from tests.endpoints.projects.traces import audited, last_audited
from tests.exchange.official_log import official_workbook_bytes, rated
from tests.exchange.reading import IG_HEADINGS, IG_ROW, csv_bytes

WHO = "ada@example.org"
BAD = rated("Dreadful", "Low", number=3)


async def person(name: str) -> UUID:
    fields = {"first_name": name.title(), "last_name": "Example", "is_verified": True}
    return await accounts.create(COMMAND_LINE, email_address=f"{name}@example.org", password_hash="none", **fields)


async def begin() -> UUID:
    """A project of Ada, in which Grace may only read."""
    people = [await person("ada"), await person("grace")]
    actor = Actor(people[0])
    about = {"description": "", "standard": Standard.DCB0129, "visibility": Visibility.PRIVATE}
    project = await projects.create(actor, people[0], name="Imported", **about)
    await members.add(actor, project, people[1], Role.VIEWER)
    return project


@pytest.fixture
def project(settings: dict[str, str]) -> UUID:
    found: UUID = read(settings, begin())
    return found


def hazards(settings: dict[str, str], project: UUID) -> list[dict[str, Any]]:
    found, _ = read(settings, hazard_pages.page(project, HazardFilter(), 1, 100))
    return list(found)


def imported(path: Path, project: UUID, *more: str, who: str = WHO) -> int:
    return run(["import", str(path), "--project", str(project), "--email-address", who, *more])


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    path = tmp_path / "log.xlsx"
    path.write_bytes(official_workbook_bytes([rated(number=1, initial__risk=5), rated(number=2)]))
    return path


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    path = tmp_path / "bad.xlsx"
    path.write_bytes(official_workbook_bytes([rated(number=1), rated(number=2), BAD]))
    return path


def test_a_workbook_is_stored_and_told(
    settings: dict[str, str], project: UUID, workbook: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert imported(workbook, project) == 0
    assert capsys.readouterr().out.splitlines() == [
        "Hazards imported by the layout official-3.6: 2. Rows skipped: 0.",
        "Row 5: the initial level is 5 in the file and 3 by the matrix; both are kept.",
    ]
    first, second = hazards(settings, project)
    assert (first["initial"]["level"], first["initial"]["recorded_level"], second["number"]) == (3, 5, 2)
    assert first["initial"]["assessed_by"] is None


def test_a_csv_in_a_layout_that_is_named(settings: dict[str, str], project: UUID, tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_bytes(csv_bytes([IG_HEADINGS, IG_ROW]))
    assert imported(path, project, "--layout", "ig-table-2") == 0
    assert [hazard["recorded_number"] for hazard in hazards(settings, project)] == ["HAZ-1"]


def test_a_bad_row_stores_nothing_and_every_problem_is_told(
    settings: dict[str, str], project: UUID, bad: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert imported(bad, project) == 1
    told = capsys.readouterr()
    assert told.out == ""
    first, second = told.err.splitlines()
    assert first.startswith("The file has 1 problem, so nothing was stored.")
    assert second.startswith("Row 7, ")
    assert hazards(settings, project) == []


def test_skipping_stores_the_rest_and_tells_what_was_left(
    settings: dict[str, str], project: UUID, bad: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert imported(bad, project, "--skip") == 0
    first, second = capsys.readouterr().out.splitlines()
    assert first.endswith("official-3.6: 2. Rows skipped: 1.")
    assert second.startswith("Row 7, ")
    assert len(hazards(settings, project)) == 2


def test_what_cannot_be_is_refused(
    settings: dict[str, str], project: UUID, workbook: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    empty = workbook.with_name("empty.xlsx")
    empty.touch()
    assert imported(workbook, project, who="nobody@example.org") == 1
    assert "no such project for this email address" in capsys.readouterr().err
    assert imported(workbook, UUID(int=7)) == 1
    assert "no such project for this email address" in capsys.readouterr().err
    assert imported(workbook, project, who="grace@example.org") == 1
    assert "does not allow this" in capsys.readouterr().err
    assert imported(workbook.with_name("missing.xlsx"), project) == 1
    assert "missing.xlsx cannot be read: No such file" in capsys.readouterr().err
    assert imported(empty, project) == 1
    assert "The file is empty" in capsys.readouterr().err
    assert hazards(settings, project) == []


def test_a_file_closes_nothing_for_who_may_not(
    settings: dict[str, str], project: UUID, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    read(settings, contributor(project))
    for number, (who, status) in enumerate(((WHO, "closed"), ("eve@example.org", "open")), 1):
        path = tmp_path / f"{status}.xlsx"
        path.write_bytes(official_workbook_bytes([rated(number=number, status="Closed")]))
        assert imported(path, project, who=who) == 0
        assert ("closed in the file and open in the log" in capsys.readouterr().out) == (status == "open")
        assert hazards(settings, project)[-1]["status"] == status


async def contributor(project: UUID) -> None:
    await members.add(COMMAND_LINE, project, await person("eve"), Role.CONTRIBUTOR)


def test_the_same_file_is_imported_once(
    settings: dict[str, str], project: UUID, workbook: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert imported(workbook, project) == 0
    assert imported(workbook.rename(workbook.with_name("again.xlsx")), project) == 1
    assert "was imported into this project before" in capsys.readouterr().err
    assert len(hazards(settings, project)) == 2


def test_the_trail_tells_in_whose_name(settings: dict[str, str], project: UUID, workbook: Path) -> None:
    mark = read(settings, last_audited())
    assert imported(workbook, project) == 0
    entries = read(settings, audited(mark))
    assert [entry["action"] for entry in entries] == ["hazard:import", "hazard:import", "import:create"]
    user = read(settings, accounts.by_email_address(WHO))
    assert {(entry["user_id"], entry["session_id"], entry["request_id"]) for entry in entries} == {
        (user.id, None, "command line")
    }

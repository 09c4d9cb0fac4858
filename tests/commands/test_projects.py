"""Projects at the command line: listed, put away and taken back, with a reason that is kept."""

import asyncio
import json

import pytest

from commands import run
from config import load_settings
from models.audit.audit import COMMAND_LINE
from models.enumerations import Standard
from models.projects import projects
from models.storage.columns import new_id
from models.storage.opening import opened
from tests.authentication import stored


async def begin(settings: dict[str, str]) -> str:
    async with opened(load_settings(settings)):
        owner = await stored.add_person("ada@example.org", "")
        return str(await projects.create(COMMAND_LINE, owner, name="Ward round", standard=Standard.DCB0129))


def test_a_project_is_put_away_and_taken_back(settings: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    key = asyncio.run(begin(settings))
    for action, state in (("archive", "archived 20"), ("unarchive", "in work")):
        assert run(["projects", action, "--project", key, "--reason", "Replaced"]) == 0
        assert run(["projects", action, "--project", key, "--reason", "Again"]) == 1
        assert run(["projects", "list"]) == 0
        listed = capsys.readouterr().out
        assert (key in listed, "Ward round" in listed, state in listed) == (True, True, True)


def test_programs_get_the_list_as_json(settings: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    key = asyncio.run(begin(settings))
    assert run(["projects", "list", "--format", "json"]) == 0
    [project] = json.loads(capsys.readouterr().out)
    assert (project["id"], project["name"], project["archived_date"]) == (key, "Ward round", None)


def test_one_that_is_not_there_is_told(settings: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["projects", "archive", "--project", str(new_id()), "--reason", "Why"]) == 1
    assert "no project with this identifier" in capsys.readouterr().err

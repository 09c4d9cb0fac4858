"""Every command that answers data answers programs in JSON, by one option; the others print a line for people."""

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from commands import every_command, parser_of, run
from tests.clients import CHEAP_HASHES
from tests.commands.logs import ADA, begun
from tests.commands.test_create_user import ADA as NEW_USER
from tests.commands.test_create_user import PASSWORD
from tests.commands.test_hazards import ACTS
from tests.exchange.official_log import official_workbook_bytes, rated

ABOUT = ["--project", "Ward round"]
ACTING = [*ABOUT, "--email-address", ADA]
REPORT = {"imported": 1, "left_open": [], "recognised_layout": "official-3.6"}
MILD = ["--stage", "initial", *ACTS["assess"][4:], "--severity", "minor"]
Fits = Callable[[Any], bool]
COMMANDS: list[tuple[list[str], Fits]] = [
    (["create-user", "--email-address", "eve@example.org", *NEW_USER[3:]], lambda said: len(said["id"]) == 36),
    (["users", "list"], lambda said: ADA in [one["email_address"] for one in said]),
    (["projects", "list"], lambda said: [one["name"] for one in said] == ["Ward round"]),
    (["import", "log.xlsx"], lambda said: REPORT.items() <= said.items() and said["file_name"] == "log.xlsx"),
    (["hazards", *ACTS["create"], *ACTING], lambda said: (said["reference"], said["version"]) == ("HAZ-004", 1)),
    (["hazards", "assess", "4", *MILD, *ACTING], lambda said: (said["level"], said["severity"]) == (1, "minor")),
    (["hazards", "close", "4", *ACTS["close"][2:], *ACTING], lambda said: said["status"] == "closed"),
    (["hazards", "show", "HAZ-004", *ABOUT], lambda said: said["status_justification"] == "Nothing is left"),
    (["hazards", "list", *ABOUT], lambda said: [one["number"] for one in said] == [1, 2, 3, 4]),
    (["check", *ABOUT], lambda said: said["checked"] == 4 and bool(said["findings"])),
    (["sessions", "list"], lambda said: said == []),
    (["sessions", "revoke", "--everyone", "--reason", "Stolen"], lambda said: said == {"revoked": 0}),
    (["mail", "status"], lambda said: said == []),
    (["clean-up", "--last"], lambda said: said == {"finished": None, "removed": {}}),
    (["clean-up"], lambda said: said["removed"]["sessions"] == 0),
    (["clean-up", "--last"], lambda said: said["finished"][:2] == "20" and "drafts" in said["removed"]),
]


def test_what_they_say_is_json(settings: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings |= {**CHEAP_HASHES, "TURVA_PASSWORD": PASSWORD}
    project = begun(settings)
    (tmp_path / "log.xlsx").write_bytes(official_workbook_bytes([rated(number=1)]))
    for argv, fits in COMMANDS:
        more = ["--project", project, "--email-address", ADA] if argv[0] == "import" else []
        assert run([*argv, *more, "--format", "json"]) == 0, argv
        said = json.loads(capsys.readouterr().out)
        assert fits(said), (argv, said)


def test_they_are_all_there_are() -> None:
    """A command that answers data has the option, and a line above; the others do something and say so."""
    acts = {"migrate", "serve", "demo", "mail try", "projects archive", "projects unarchive"}
    acts |= {f"users {act}" for act in ("disable", "enable", "remove-second-factor")}
    waiting = [("", parser_of(every_command()))]
    answering = set()
    while waiting:
        name, parser = waiting.pop()
        below = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
        waiting += [(f"{name} {one}".strip(), further) for action in below for one, further in action.choices.items()]
        if not below and name not in acts:
            assert "--format" in parser._option_string_actions, name
            answering.add(name)
    tried = {" ".join(argv[:count]) for argv, _ in COMMANDS for count in (1, 2)}
    assert answering <= tried

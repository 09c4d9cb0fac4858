"""The tasks by name, and what continuous integration does on a machine that has next to nothing."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
APT_GET = """#!/bin/bash
echo "apt-get $*" >> "$LOG"
[[ $1 == install ]] && printf '#!/bin/bash\\necho "CI=$CI make $*" >> "$LOG"\\n' > "$HERE/make" && chmod +x "$HERE/make"
exit 0
"""


def machine(folder: Path, programs: dict[str, str]) -> dict[str, str]:
    """An environment whose programs are these scripts, and no others but the shell's own."""
    for name in ("bash", "chmod", "dirname", "env"):
        (folder / name).symlink_to(shutil.which(name) or "")
    for name, text in programs.items():
        (folder / name).write_text(text, "utf-8")
        (folder / name).chmod(0o755)
    return {"PATH": str(folder), "LOG": str(folder / "log"), "HERE": str(folder)}


def integrate(environment: dict[str, str]) -> list[str]:
    subprocess.run([ROOT / ".ci/run"], env=environment, check=True, capture_output=True)  # noqa: S603 - ours
    return Path(environment["LOG"]).read_text("utf-8").splitlines()


def test_integration_installs_what_is_missing_then_checks_everything(tmp_path: Path) -> None:
    sudo = '#!/bin/bash\nexec "$@"\n'
    assert integrate(machine(tmp_path, {"apt-get": APT_GET, "sudo": sudo})) == [
        "apt-get update",
        "apt-get install --yes --no-install-recommends git make python3 python3-venv chromium fonts-liberation",
        "CI=true make lint types test",
    ]


def test_integration_installs_nothing_that_is_there(tmp_path: Path) -> None:
    there = dict.fromkeys(("git", "python3", "chromium", "apt-get"), '#!/bin/bash\necho "$0" > /dev/null\n')
    there["make"] = '#!/bin/bash\necho "make $*" >> "$LOG"\n'
    assert integrate(machine(tmp_path, there)) == ["make lint types test"]


def make(*arguments: str) -> str:
    # Without the variables of a make that may be running these tests.
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    command = ["make", *arguments]
    return subprocess.run(command, cwd=ROOT, env=kept, check=True, capture_output=True, text=True).stdout  # noqa: S603


def test_help_names_every_task() -> None:
    named = set(re.findall(r"^make (\w+) +\S", make("help"), re.MULTILINE))
    assert {"help", "run", "test", "lint", "types", "bench", "demo"} <= named


@pytest.mark.parametrize(
    ("task", "command"),
    [
        ("run", "main.py serve --development"),
        ("demo", "main.py demo --development"),
        ("test", "-m pytest"),
        ("lint", "ruff format --check"),
        ("types", "bin/mypy"),
        ("bench", "-m benchmarks"),
    ],
)
def test_a_task_does_what_it_is_named_for(task: str, command: str) -> None:
    assert command in make("--dry-run", task)

"""Follows docs/recipes.md to the letter in a copy of the project: what it says must work for who types it."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import config

ROOT = Path(config.__file__).parent
RECIPES = ROOT / "docs" / "recipes.md"
NOT_COPIED = shutil.ignore_patterns(
    "__pycache__", ".git", ".venv", ".env", ".*_cache", ".hypothesis", "var", "node_modules"
)
BLOCK = re.compile(r"^```(python|html|sh) ?(\S*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
STEPS = ["A table", "A setting", "An endpoint", "A page", "Its tests"]


def steps() -> dict[str, list[tuple[str, str]]]:
    """Each step's blocks: the file that a block goes into, or nothing for commands, and its text."""
    parts = RECIPES.read_text("utf-8").split("\n## ")[1:]
    return {part.partition("\n")[0]: [(file, text) for _, file, text in BLOCK.findall(part)] for part in parts}


def put(path: Path, text: str) -> str:
    """A block that is a whole file makes it; any other goes where the text of the recipe says."""
    if path.name == "config.py":
        before, after, rest = path.read_text("utf-8").partition("\n\n\ndef load_settings(")
        path.write_text(f"{before}\n{text.rstrip()}{after}{rest}", "utf-8")
    elif path.name == "__init__.py" and path.exists():
        path.write_text(path.read_text("utf-8") + text, "utf-8")
    else:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return ""


def typed(folder: Path, commands: str) -> str:
    """What these commands print, typed into a new shell there; they must succeed."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "COVERAGE"))}
    done = subprocess.run(  # noqa: S603 - the commands of our own document
        ["/bin/bash", "-euo", "pipefail", "-c", commands],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{commands}\n{done.stdout}"
    return done.stdout


def test_the_recipes_are_those_that_are_followed() -> None:
    assert list(steps()) == STEPS
    assert all(steps().values())
    assert RECIPES.read_text("utf-8").count("\n```") == 2 * sum(map(len, steps().values()))


def test_every_recipe_works(tmp_path: Path) -> None:
    """One test, as each step builds on the one before it; the last command runs the tests of the new endpoint."""
    copy = tmp_path / "turva"
    shutil.copytree(ROOT, copy, ignore=NOT_COPIED)
    (copy / ".venv").symlink_to(sys.prefix)
    printed = ""
    for file, text in (block for blocks in steps().values() for block in blocks):
        printed = typed(copy, text) if not file else put(copy / file, text)
    assert re.search(r" \d+ passed in ", printed)
    assert "MOST_LINKS=50" in (copy / ".env.example").read_text("utf-8")
    assert "`MOST_LINKS`" in (copy / "docs/settings.md").read_text("utf-8")
    assert re.search(r"/links/create/ +hazard:write ", (copy / "docs/urls.txt").read_text("utf-8"))
    new = " ".join(file for blocks in steps().values() for file, _ in blocks if "/links" in file and ".py" in file)
    typed(copy, f".venv/bin/ruff check {new} && .venv/bin/ruff format --check {new}")
    kept = "tests/test_config.py tests/endpoints/test_templates.py tests/migrations/test_schema.py"
    typed(copy, f".venv/bin/python -m pytest -q {kept} tests/endpoints/test_url_table.py -k 'not called'")

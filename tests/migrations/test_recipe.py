"""Follows the recipe "Add a table" of docs/database.md to the letter, in a copy of the project."""

import asyncio
import re
import shlex
import shutil
import sys
import textwrap
from pathlib import Path

import pytest

from migrations.run import CONFIGURATION
from tests.databases import Databases
from tests.migrations.reflection import inspected

ROOT = CONFIGURATION.parent
NEEDED = ("alembic.ini", "errors.py", "migrations", "models")


def recipe() -> tuple[str, str, list[str]]:
    """The module, the line for models/__init__.py, and the commands."""
    text = (ROOT / "docs" / "database.md").read_text().partition("## Add a table")[2].partition("## Change a table")[0]
    blocks = re.findall(r"```(?:python|sh)\n(.*?)```", text, re.DOTALL)
    module, import_line, commands = (textwrap.dedent(f"   {block}".removeprefix("   ")) for block in blocks)
    return module, import_line.strip(), commands.strip().splitlines()


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for name in NEEDED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, tmp_path)
    return tmp_path


async def run(folder: Path, url: str, *arguments: str) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *arguments,
        cwd=folder,
        env={"PATH": "/usr/bin:/bin", "DATABASE_URL": url},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await process.communicate()
    assert process.returncode == 0, output.decode()


UP_DOWN_UP = """
import asyncio, os
from alembic import command
from migrations.run import run
from models import Supplier

for act in (
    lambda configuration: command.upgrade(configuration, "head"),
    command.check,
    lambda configuration: command.downgrade(configuration, "-1"),
    lambda configuration: command.upgrade(configuration, "head"),
    command.check,
):
    asyncio.run(run(act, os.environ["DATABASE_URL"]))
"""


async def test_add_a_table(
    empty_database_url: str, sqlite_databases: Databases, postgresql_databases: Databases, copy: Path
) -> None:
    """Whichever database wrote the migration, it runs clean on both."""
    module, import_line, commands = recipe()
    (copy / "models" / "suppliers.py").write_text(module)
    with (copy / "models" / "__init__.py").open("a") as file:
        file.write(f"{import_line}\n")
    assert commands[0].startswith("export DATABASE_URL=")
    for command in commands[1:]:
        program, *arguments = shlex.split(command)
        assert program == ".venv/bin/alembic"
        await run(copy, empty_database_url, "-m", "alembic", *arguments)
    for databases in (sqlite_databases, postgresql_databases):
        url = databases.create()
        await run(copy, url, "-c", UP_DOWN_UP)
        assert "suppliers" in await inspected(url)
        databases.drop(url)

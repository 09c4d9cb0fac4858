"""A migration that fails, or that would lose data, leaves everything as it was."""

import os
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

from migrations.run import CONFIGURATION, locked_connection, run
from models import Project, User
from tests.migrations.reflection import inspected, looked_up

USERS, PROJECTS = User.ormar_config.table, Project.ormar_config.table
VERSIONS = CONFIGURATION.parent / "migrations" / "versions"

HEAD = f"""
import sqlalchemy as sa
from alembic import op

revision = "next"
down_revision = "{ScriptDirectory.from_config(Config(CONFIGURATION)).get_current_head()}"


def upgrade():
"""

FAILS = """
    op.create_table("half_done", sa.Column("id", sa.Integer, primary_key=True))
    op.execute("UPDATE users SET auth_epoch = 99")
    op.execute("INSERT INTO no_such_table VALUES (1)")
"""

COPIES_USERS = """
    with op.batch_alter_table("users") as batch:
        batch.alter_column("first_name", existing_type=sa.String(150), type_=sa.String(200))
"""

ORPHANS = """
    op.execute("DELETE FROM users")
"""


async def store_user_with_project(url: str) -> None:
    async with locked_connection(url) as connection:
        owner = {"email_address": "a@b", "first_name": "A", "last_name": "B", "password_hash": "", "auth_epoch": 1}
        key = (await connection.execute(sa.insert(USERS).values(owner).returning(USERS.c.id))).scalar_one()
        project = {"name": "P", "standard": "DCB0129", "matrix_version": "", "created_by_id": key}
        await connection.execute(sa.insert(PROJECTS).values(project))


async def migrate(url: str, body: str, folder: Path) -> None:
    """Continue the real history with a revision that does `body`."""
    (folder / "next.py").write_text(HEAD + body)

    def upgrade(configuration: Config) -> None:
        configuration.set_main_option("version_locations", f"{VERSIONS}{os.pathsep}{folder}")
        command.upgrade(configuration, "head")

    await run(upgrade, url)


async def counted(url: str) -> tuple[int, int, int]:
    """Users, projects, and the sum of the users' epochs."""
    query = sa.text("SELECT count(*), (SELECT count(*) FROM projects), coalesce(sum(auth_epoch), 0) FROM users")
    users, projects, epochs = await looked_up(url, lambda connection: connection.execute(query).one())
    return users, projects, epochs


async def test_a_failing_migration_is_rolled_back_whole(database_url: str, tmp_path: Path) -> None:
    await store_user_with_project(database_url)
    before = await inspected(database_url)
    with pytest.raises(sa.exc.DBAPIError, match="no_such_table"):
        await migrate(database_url, FAILS, tmp_path)
    assert await inspected(database_url) == before
    assert await counted(database_url) == (1, 1, 1)


async def test_copying_a_table_keeps_the_rows_that_refer_to_it(database_url: str, tmp_path: Path) -> None:
    await store_user_with_project(database_url)
    await migrate(database_url, COPIES_USERS, tmp_path)
    assert await counted(database_url) == (1, 1, 1)
    assert (await inspected(database_url))["users"]["columns"]["first_name"][0] == "VARCHAR(200)"


async def test_a_migration_that_orphans_rows_is_refused(database_url: str, tmp_path: Path) -> None:
    await store_user_with_project(database_url)
    with pytest.raises((RuntimeError, sa.exc.IntegrityError), match="projects"):
        await migrate(database_url, ORPHANS, tmp_path)
    assert await counted(database_url) == (1, 1, 1)

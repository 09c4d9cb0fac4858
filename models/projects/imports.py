"""Which files were read into a project, and what was found in them."""

import uuid
from typing import Any

import ormar
import sqlalchemy as sa

from models.projects.projects import Project
from models.storage.columns import JSONB, foreign_key, primary_key
from models.storage.database import table
from models.storage.dates import DateFieldsMixins
from models.users.users import User


class Import(DateFieldsMixins, ormar.Model):
    """`report` is what the person who imported was shown; `sha256` tells which bytes it was about."""

    ormar_config = table("imports", sa.CheckConstraint("length(sha256) = 64", name="sha256_length"))

    id: uuid.UUID = primary_key()
    project: Project = foreign_key(Project, "project_id")
    file_name: str = ormar.Text()
    sha256: str = ormar.String(max_length=64)
    layout: str = ormar.String(max_length=100)
    imported: int = ormar.Integer()
    skipped: int = ormar.Integer(default=0, sql_nullable=False)
    report: dict[str, Any] = JSONB()
    created_by: User = foreign_key(User, "created_by_id")

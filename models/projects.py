"""A project is one health IT system; its members are those who may work on it."""

import uuid

import ormar

from models.columns import EnumText, foreign_key, primary_key
from models.database import table
from models.dates import DateFieldsMixins
from models.enumerations import Role, Standard, Visibility
from models.users import User


class Project(DateFieldsMixins, ormar.Model):
    """`next_hazard_number` only grows: the number of a hazard is never given twice."""

    ormar_config = table("projects")

    id: uuid.UUID = primary_key()
    name: str = ormar.String(max_length=200)
    description: str = ormar.Text(default="", sql_nullable=False)
    standard: Standard = EnumText(Standard)
    visibility: Visibility = EnumText(Visibility, default=Visibility.PRIVATE)
    matrix_version: str = ormar.String(max_length=50)
    next_hazard_number: int = ormar.Integer(default=1, sql_nullable=False)
    created_by: User = foreign_key(User, "created_by_id")


class ProjectMember(DateFieldsMixins, ormar.Model):
    ormar_config = table("project_members", ormar.UniqueColumns("project_id", "user_id"))

    id: uuid.UUID = primary_key()
    project: Project = foreign_key(Project, "project_id", index=False)
    user: User = foreign_key(User, "user_id")
    role: Role = EnumText(Role)

"""What people say about hazards, whom they mean, and who has seen it; nothing said is ever lost."""

import datetime as dt
import uuid

import ormar

from models.enumerations import NoticeKind
from models.hazards.hazards import Hazard
from models.projects.projects import Project
from models.storage.columns import EnumText, UTCDateTime, foreign_key, primary_key
from models.storage.database import table
from models.storage.dates import DateFieldsMixins
from models.users.users import User


class Comment(DateFieldsMixins, ormar.Model):
    """Triggers refuse to change or delete one."""

    ormar_config = table("comments")

    id: uuid.UUID = primary_key()
    hazard: Hazard = foreign_key(Hazard, "hazard_id")
    written_by: User = foreign_key(User, "written_by_id")
    body: str = ormar.Text()


class Mention(DateFieldsMixins, ormar.Model):
    ormar_config = table("mentions", ormar.UniqueColumns("comment_id", "user_id"))

    id: uuid.UUID = primary_key()
    comment: Comment = foreign_key(Comment, "comment_id", index=False)
    user: User = foreign_key(User, "user_id")


class Reading(DateFieldsMixins, ormar.Model):
    """When a person last looked at a hazard: what is newer is unread to them."""

    ormar_config = table("readings", ormar.UniqueColumns("user_id", "hazard_id"))

    id: uuid.UUID = primary_key()
    user: User = foreign_key(User, "user_id", index=False)
    hazard: Hazard = foreign_key(Hazard, "hazard_id")
    read_date: dt.datetime = UTCDateTime()


class Notice(DateFieldsMixins, ormar.Model):
    """Something that a person should know of; `mailed_date` is None until it was put into a letter or need not be."""

    ormar_config = table(
        "notices", ormar.IndexColumns("user_id", "read_date", "created_date", name="ix_notices_user_id_read_date")
    )

    id: uuid.UUID = primary_key()
    user: User = foreign_key(User, "user_id", index=False)
    project: Project = foreign_key(Project, "project_id")
    hazard: Hazard = foreign_key(Hazard, "hazard_id")
    comment: Comment | None = foreign_key(Comment, "comment_id", nullable=True)
    kind: NoticeKind = EnumText(NoticeKind)
    read_date: dt.datetime | None = UTCDateTime(nullable=True)
    mailed_date: dt.datetime | None = UTCDateTime(nullable=True)

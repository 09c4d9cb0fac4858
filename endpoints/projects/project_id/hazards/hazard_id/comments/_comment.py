"""How comments on a hazard are shown, and those whom their writer may mean."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel

from endpoints._links import Url
from models.comments import discussions
from models.hazards import hazard_log
from models.projects import drafts, members
from models.projects.projects import VisibleProject
from models.users.people import Viewer


class Mention(BaseModel):
    user_id: UUID
    name: str


class Comment(BaseModel):
    """`is_unread` says that who asks has not marked it as read."""

    id: UUID
    body: str
    written_by: str
    created_date: datetime
    is_unread: bool
    mentions: list[Mention]


class ChangedComment(BaseModel):
    id: UUID
    url: Url


class Discussion(BaseModel):
    """The newest comments on a hazard, the oldest of them first; `members` are those who can be mentioned.

    `draft_date` is when who asks began a comment that was never sent.
    """

    data: list[Comment]
    total: int
    unread: int
    members: list[Mention]
    draft_date: datetime | None


async def others(project: VisibleProject, viewer: Viewer) -> list[Mention]:
    found = await members.listed(project.id, viewer)
    return [
        Mention(user_id=one["user_id"], name=f"{one['first_name']} {one['last_name']}")
        for one in found
        if one["user_id"] != viewer.user_id
    ]


async def discussion(project: VisibleProject, viewer: Viewer, hazard_id: UUID) -> Discussion | None:
    """None for who is no member: what is said about a hazard is not part of what a public project publishes."""
    if project.role is None:
        return None
    total, unread = await discussions.counts(hazard_id, viewer.user_id)
    found = await discussions.newest(hazard_id, viewer) if total else []
    return Discussion(
        data=[Comment.model_validate(one) for one in found],
        total=total,
        unread=unread,
        members=await others(project, viewer),
        draft_date=await begun(project, viewer, hazard_id),
    )


async def begun(project: VisibleProject, viewer: Viewer, hazard_id: UUID) -> datetime | None:
    """When a comment was typed that waits at `create/` to be sent."""
    path = f"{hazard_log.url(project.id, hazard_id)}comments/create/"
    found = await drafts.kept(viewer.user_id, path) if viewer.user_id else None
    return found.at if found else None

"""What has been said about a hazard; only members of its project see it."""

from datetime import datetime

from fastapi import APIRouter

from authentication.access import may, requires
from endpoints._depends import CurrentProject, CurrentViewer
from endpoints._paging import Page, Pages, pagination
from endpoints.projects._project import Project
from endpoints.projects.project_id.hazards._found import CurrentHazard
from endpoints.projects.project_id.hazards.hazard_id.comments._comment import Comment, Mention, begun, others
from models.comments import discussions

router = APIRouter()


class Comments(Page[Comment]):
    project: Project
    reference: str
    name: str
    url: str
    unread: int
    members: list[Mention]
    draft_date: datetime | None


@router.get("/")
@requires(may("comment:read"))
async def list_comments(
    project: CurrentProject, hazard: CurrentHazard, viewer: CurrentViewer, wanted: Pages
) -> Comments:
    """All comments, the oldest first, as plain text; none is ever changed or removed."""
    total, unread = await discussions.counts(hazard.id, viewer.user_id)
    found = await discussions.page(hazard.id, viewer, wanted.page, wanted.limit)
    return Comments(
        data=[Comment.model_validate(one) for one in found],
        pagination=pagination(total, wanted.page, wanted.limit),
        project=Project.model_validate(project),
        reference=hazard.reference,
        name=hazard.name,
        url=hazard.url,
        unread=unread,
        members=await others(project, viewer),
        draft_date=await begun(project, viewer, hazard.id),
    )

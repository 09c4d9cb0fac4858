"""Says something about a hazard; reviewers may, who may change nothing of it."""

from typing import Annotated
from uuid import UUID

from annotated_types import MaxLen
from fastapi import APIRouter
from pydantic import Field

from authentication.access import may, requires
from endpoints import _fields
from endpoints._depends import CurrentActor, CurrentProject, CurrentViewer
from endpoints._drafts import keeps_draft
from endpoints._fields import RequiredText
from endpoints.projects.project_id.hazards._found import CurrentHazard
from endpoints.projects.project_id.hazards._hazard import HazardInProject, in_project
from endpoints.projects.project_id.hazards.hazard_id.comments._comment import ChangedComment, Mention, others
from models.comments import discussions

router = APIRouter()


class NewComment(_fields.Request):
    body: RequiredText
    mentions: Annotated[list[UUID], MaxLen(500)] = Field(
        [], description="Members to tell of it, beside those whose @username is in the text"
    )


class CommentForm(HazardInProject):
    members: list[Mention]


@router.get("/")
@requires(may("comment:write"))
@keeps_draft
async def form(project: CurrentProject, hazard: CurrentHazard, viewer: CurrentViewer) -> CommentForm:
    """The hazard, and whom a comment can mention."""
    shown = in_project(project, hazard)
    return CommentForm(**dict(shown), members=await others(project, viewer))


@router.post("/", status_code=201)
@requires(may("comment:write"))
async def create(
    project: CurrentProject, hazard: CurrentHazard, actor: CurrentActor, given: NewComment
) -> ChangedComment:
    """Also on a closed hazard. 422 for a mention of somebody who is no member of the project."""
    key = await discussions.write(actor, project.id, hazard.id, given.body, given.mentions)
    return ChangedComment(id=key, url=f"{hazard.url}#comment-{key}")

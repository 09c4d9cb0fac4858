"""Decides who may read a project: a governed act, with a reason, of an owner who has just proved who they are."""

from fastapi import APIRouter, Response

from authentication.access import may, requires
from endpoints import _fields
from endpoints._depends import CurrentActor, CurrentProject
from endpoints._drafts import keeps_draft
from endpoints._faces import Done
from endpoints._fields import RequiredText
from endpoints.projects._project import Project
from models.enumerations import Visibility
from models.hazards import hazard_log
from models.projects import governance

router = APIRouter()


class NewVisibility(_fields.Request):
    visibility: Visibility
    reason: RequiredText


class Disclosure(Project):
    """The project, and how many hazards its log would show or hide."""

    hazards: int


@router.get("/")
@requires(may("project:visibility"), recent=True)
@keeps_draft
async def form(project: CurrentProject) -> Disclosure:
    """What would be seen by whom, and the question why."""
    hazards = sum(group.count for group in await hazard_log.counts(project.id))
    return Disclosure(**Project.model_validate(project).model_dump(exclude={"url"}), hazards=hazards)


@router.post("/", status_code=204, response_class=Response)
@requires(may("project:visibility"), recent=True)
async def decide(project: CurrentProject, actor: CurrentActor, given: NewVisibility) -> Done:
    """Counts at the next request; 409 when it is so already."""
    await governance.set_visibility(actor, project.id, given.visibility, given.reason)
    return Done(f"/projects/{project.id}/")

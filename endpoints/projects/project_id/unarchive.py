"""Takes a project out of the archive, so that work on it goes on."""

from fastapi import APIRouter, Response

from authentication.access import may, requires
from endpoints._depends import CurrentActor, CurrentProject
from endpoints._drafts import keeps_draft
from endpoints._faces import Done
from endpoints.projects._project import Because, Project
from models.projects import governance

router = APIRouter()


@router.get("/")
@requires(may("project:unarchive"))
@keeps_draft
async def form(project: CurrentProject) -> Project:
    """The project, and the question why."""
    return Project.model_validate(project)


@router.post("/", status_code=204, response_class=Response)
@requires(may("project:unarchive"))
async def unarchive(project: CurrentProject, actor: CurrentActor, given: Because) -> Done:
    """409 when it is not archived."""
    await governance.unarchive(actor, project.id, given.reason)
    return Done(f"/projects/{project.id}/")

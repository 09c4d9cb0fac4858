"""Archives a project: everybody who could read it still can, and nobody changes it."""

from fastapi import APIRouter, Response

from authentication.access import may, requires
from endpoints._depends import CurrentActor, CurrentProject
from endpoints._drafts import keeps_draft
from endpoints._faces import Done
from endpoints.projects._project import Because, Project
from models.projects import governance

router = APIRouter()


@router.get("/")
@requires(may("project:archive"))
@keeps_draft
async def form(project: CurrentProject) -> Project:
    """The project, and the question why."""
    return Project.model_validate(project)


@router.post("/", status_code=204, response_class=Response)
@requires(may("project:archive"))
async def archive(project: CurrentProject, actor: CurrentActor, given: Because) -> Done:
    """Every change of it is refused from then on (409); 409 also when it is archived already."""
    await governance.archive(actor, project.id, given.reason)
    return Done(f"/projects/{project.id}/")

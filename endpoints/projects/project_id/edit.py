"""Changes what a project says of itself."""

from fastapi import APIRouter, Response
from pydantic import Field

from authentication.access import may, requires
from endpoints import _fields
from endpoints._depends import CurrentActor, CurrentProject
from endpoints._drafts import keeps_draft
from endpoints._faces import Done
from endpoints._fields import ProjectName, Text
from endpoints.projects._project import Project
from models import governance

router = APIRouter()


class ProjectEdit(_fields.Request):
    """Fields that are left out stay as they are."""

    name: ProjectName = Field("", validate_default=False)
    description: Text = ""


@router.get("/")
@requires(may("project:edit"))
@keeps_draft
async def form(project: CurrentProject) -> Project:
    """The project as it is now, to be changed."""
    return Project.model_validate(project)


@router.post("/", status_code=204, response_class=Response)
@requires(may("project:edit"))
async def edit(project: CurrentProject, actor: CurrentActor, change: ProjectEdit) -> Done:
    """Change name, description or both."""
    await governance.edit(actor, project.id, **change.model_dump(exclude_unset=True))
    return Done(f"/projects/{project.id}/?after=project")

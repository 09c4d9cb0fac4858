"""Changes what a project says of itself; a second editor is told, and keeps their text."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request, Response
from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from authentication.access import may, requires
from endpoints import _fields
from endpoints._depends import CurrentActor, CurrentProject, CurrentViewer
from endpoints._drafts import keeps_draft
from endpoints._faces import Done
from endpoints._fields import ProjectName, Text, Version
from endpoints._merge import Boxes, Edited, Merge, merge_of, texts
from endpoints.projects._project import Project
from errors import OutOfDate
from models.projects import governance, projects

router = APIRouter()


class ProjectEdit(_fields.Request):
    """Fields that are left out stay as they are."""

    version: Version
    name: ProjectName = Field("", validate_default=False)
    description: Text = ""


class EditableProject(Project):
    merge: SkipJsonSchema[Merge | None] = Field(None, exclude=True)


@router.get("/")
@requires(may("project:edit"))
@keeps_draft
async def form(request: Request, project: CurrentProject, viewer: CurrentViewer) -> EditableProject:
    """The project as it is now, to be changed; with what to merge, where somebody else was quicker."""
    shown = EditableProject.model_validate(project)
    edited = Edited("project", project.id, project.id, project.version, shown.model_dump(), boxes)
    shown.merge = await merge_of(request, edited, viewer)
    return shown


def boxes(state: Mapping[str, Any]) -> Boxes:
    return texts(state, ("name", "description"))


@router.post("/", status_code=204, response_class=Response)
@requires(may("project:edit"))
async def edit(project: CurrentProject, actor: CurrentActor, change: ProjectEdit) -> Done:
    """Change name, description or both. 409 when `version` is not the current one; nothing is changed then."""
    try:
        await governance.edit(actor, project.id, **change.model_dump(exclude_unset=True))
    except OutOfDate as late:
        now = await projects.visible(project.id, actor.user_id)
        late.current = Project.model_validate(now).model_dump(mode="json")
        raise
    return Done(f"/projects/{project.id}/?after=project")

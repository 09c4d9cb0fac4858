"""What is done about the hazards of a project: controls, each of which may serve several (DCB0129 6.1)."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import Field

from authentication.access import may, requires
from endpoints._depends import CurrentProject, CurrentViewer
from endpoints._fields import Line
from endpoints._paging import Page, Paging, pagination
from endpoints.projects._project import Project
from endpoints.projects.project_id.controls._control import Control
from models.controls import control_log
from models.controls.control_log import ControlFilter
from models.enumerations import ControlKind, ControlState, Party

router = APIRouter()

Sort = Literal[
    "description", "kind", "preference", "state", "responsible", "organisation", "due", "hazards", "updated",
    "-description", "-kind", "-preference", "-state", "-responsible", "-organisation", "-due", "-hazards", "-updated",
]  # fmt: skip


class Wanted(Paging):
    """`missing_evidence`, `overdue` and `unanswered` leave both kinds when they are not given."""

    search: Line = ""
    state: ControlState | None = None
    kind: ControlKind | None = None
    responsible: Party | None = None
    missing_evidence: bool | None = None
    overdue: bool | None = Field(None, description="Whether it was to be in place before today")
    unanswered: bool | None = None
    sort: Sort = "description"


class Controls(Page[Control]):
    project: Project
    wanted: Wanted
    states: list[ControlState] = list(ControlState)
    kinds: list[ControlKind] = list(ControlKind)
    parties: list[Party] = list(Party)


@router.get("/")
@requires(may("hazard:read"))
async def list_controls(project: CurrentProject, viewer: CurrentViewer, wanted: Annotated[Wanted, Query()]) -> Controls:
    """Controls with the number of hazards that rest on each, filtered, sorted, in pages."""
    asked = ControlFilter(**wanted.model_dump(exclude={"page", "limit"}))
    found, total = await control_log.page(project.id, asked, wanted.page, wanted.limit, viewer)
    return Controls(
        data=[Control.model_validate(control) for control in found],
        pagination=pagination(total, wanted.page, wanted.limit),
        project=Project.model_validate(project),
        wanted=wanted,
    )

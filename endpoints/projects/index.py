"""The projects that you may see."""

from typing import Annotated

from fastapi import APIRouter, Query

from authentication.access import requires, signed_in
from authentication.scopes import READ
from endpoints._depends import CurrentUser
from endpoints._fields import Line
from endpoints._paging import Page, Paging, pagination
from endpoints.projects._project import Project
from models.projects import projects

router = APIRouter()


class Wanted(Paging):
    """`archived` leaves out the others, or with false the archived ones."""

    search: Line = ""
    archived: bool | None = None


class Projects(Page[Project]):
    search: str
    archived: bool | None


@router.get("/")
@requires(signed_in, scopes=READ)
async def list_projects(user: CurrentUser, wanted: Annotated[Wanted, Query()]) -> Projects:
    """Your projects and public ones, by name, archived ones last."""
    found, total = await projects.page(
        user.member_id, wanted.search, wanted.page, wanted.limit, archived=wanted.archived
    )
    return Projects(
        data=[Project.model_validate(project) for project in found],
        pagination=pagination(total, wanted.page, wanted.limit),
        search=wanted.search,
        archived=wanted.archived,
    )

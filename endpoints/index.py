"""The front door: people go to their projects, programs learn where things are."""

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse
from pydantic import BaseModel

from authentication.access import public, requires
from endpoints._accept import is_page
from endpoints._depends import CurrentSettings

router = APIRouter()


class Entrance(BaseModel):
    name: str
    projects: str
    api: str


@router.get("/", response_model=Entrance)
@requires(public)
async def entrance(request: Request, settings: CurrentSettings) -> Entrance | RedirectResponse:
    """Where to go from here."""
    projects = f"{settings.API_PATH}/projects/"
    if is_page(request.scope):
        return RedirectResponse(projects, 303)
    return Entrance(name=settings.SERVICE_NAME, projects=projects, api=f"{settings.API_PATH}/openapi.json")

"""The description of the API for people, made of the same OpenAPI that programs read."""

from fastapi import APIRouter, Request
from pydantic import BaseModel

from authentication.access import public, requires
from endpoints import _reference
from endpoints._depends import CurrentSettings

router = APIRouter()


class Reference(BaseModel):
    """`openapi` is where the whole description is, for programs."""

    openapi: str
    groups: list[_reference.Group]


@router.get("/")
@requires(public)
async def reference(request: Request, settings: CurrentSettings) -> Reference:
    """Every operation: what it is for, who may call it, what it takes."""
    groups = _reference.groups(request.app.openapi())
    return Reference(openapi=f"{settings.API_PATH}/openapi.json", groups=groups)

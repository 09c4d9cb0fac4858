"""Throws away what was kept of a form."""

from fastapi import APIRouter, Response

from authentication.access import requires, signed_in
from endpoints import _fields
from endpoints._depends import CurrentActor
from endpoints._faces import Done
from endpoints._links import LocalPath
from models.projects import drafts

router = APIRouter()


class Discard(_fields.Request):
    path: LocalPath


@router.post("/", status_code=204, response_class=Response)
@requires(signed_in)
async def discard(actor: CurrentActor, given: Discard) -> Done:
    """Forget it, if there is one; the form is then as it would be without."""
    await drafts.discard(actor, given.path)
    return Done(given.path)

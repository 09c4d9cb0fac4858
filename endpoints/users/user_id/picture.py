"""The picture of a person, for those to whom they show their name."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header, Response

from authentication.access import public, requires
from endpoints._depends import CurrentViewer
from models.users import pictures

router = APIRouter()

JPEG = "image/jpeg"
# Asked for again each time, as the person may show it to fewer people by then.
CACHED = {"Cache-Control": "private, no-cache", "Content-Disposition": 'inline; filename="picture.jpg"'}
SHOWN = {"content": {JPEG: {"schema": {"type": "string", "format": "binary"}}}, "description": "The picture"}


@router.get("/", response_class=Response, responses={200: SHOWN, 304: {"description": "It is what the caller has"}})
@requires(public)
async def picture(
    user_id: UUID, viewer: CurrentViewer, if_none_match: Annotated[str | None, Header()] = None
) -> Response:
    """A JPEG of at most 500 x 500 pixels; 404 also where there is one that is not shown to the caller."""
    found = await pictures.seen(user_id, viewer)
    headers = {**CACHED, "ETag": f'"{found.sha256}"'}
    if matches(if_none_match, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    return Response(found.content, media_type=JPEG, headers=headers)


def matches(asked: str | None, tag: str) -> bool:
    """RFC 9110, section 13.1.2."""
    return asked is not None and any(one.strip().removeprefix("W/") in {tag, "*"} for one in asked.split(","))

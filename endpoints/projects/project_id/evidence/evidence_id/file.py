"""The file of a piece of evidence, as a download that no browser runs."""

from collections.abc import AsyncIterator
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Header, Request, Response
from starlette.responses import StreamingResponse

from authentication.access import may, requires
from endpoints.projects.project_id.evidence._evidence import CurrentEvidence
from endpoints.users.user_id.picture import matches
from errors import NotFound
from models.evidence.evidence_store import evidence_store
from models.evidence.evidence_types import TYPES

router = APIRouter()

SAFE = {
    # Asked for again each time, as the person may be no member by then.
    "Cache-Control": "private, no-cache",
    "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
BINARY = {"schema": {"type": "string", "format": "binary"}}
SHOWN = {"content": {kind.media_type: BINARY for kind in TYPES.values()}, "description": "The file"}


@router.get("/", response_class=Response, responses={200: SHOWN, 304: {"description": "It is what the caller has"}})
@requires(may("file:read"))
async def download(
    request: Request, evidence: CurrentEvidence, if_none_match: Annotated[str | None, Header()] = None
) -> Response:
    """Its hash is the ETag and is checked on the way; 404 for a link, 503 when the store does not have it."""
    if evidence.sha256 is None or evidence.size is None:
        raise NotFound
    headers = {**SAFE, "Content-Disposition": attachment(evidence.file_name or ""), "ETag": f'"{evidence.sha256}"'}
    if matches(if_none_match, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    headers["Content-Length"] = str(evidence.size)
    if request.method == "HEAD":
        return Response(media_type=evidence.media_type, headers=headers)
    content = evidence_store.content(evidence.sha256, evidence.size)
    first = await anext(content)  # what is missing or short is told while there still is a status to tell it with
    return StreamingResponse(following(first, content), media_type=evidence.media_type, headers=headers)


def attachment(name: str) -> str:
    """RFC 6266, 4.1: never shown in place, under its name in UTF-8, and in ASCII for what reads no other."""
    plain = "".join(sign if sign.isascii() and sign not in '"\\%' else "_" for sign in name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


async def following(first: bytes, rest: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield first
    async for piece in rest:
        yield piece

"""The picture by which others recognise you."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Annotated

from fastapi import APIRouter, File, Response, UploadFile
from pydantic import BaseModel

from authentication.access import requires, signed_in
from endpoints._depends import CurrentActor, CurrentUser
from endpoints._faces import Done
from endpoints._links import Url
from models.users import pictures

router = APIRouter()

DECODER = ThreadPoolExecutor(1, thread_name_prefix="picture")
"""One picture at a time a process: decoding takes memory by the hundred megabytes."""


class Picture(BaseModel):
    """`picture` is where it is; null without one."""

    picture: Url | None
    sha256: str | None
    most_megabytes: int = pictures.MOST_BYTES // 1_000_000
    longest_side: int = pictures.LONGEST_SIDE


@router.get("/")
@requires(signed_in)
async def form(user: CurrentUser) -> Picture:
    """Where your picture is, and how large one may be."""
    sha256 = await pictures.sha256_of(user.id)
    return Picture(picture=f"/users/{user.id}/picture/" if sha256 else None, sha256=sha256)


@router.post("/", status_code=204, response_class=Response)
@requires(signed_in)
async def upload(
    user: CurrentUser, actor: CurrentActor, file: Annotated[UploadFile, File(description="JPEG, PNG, WebP or GIF")]
) -> Done:
    """Its kind is told by its content. What is kept is a JPEG of at most 500 x 500 pixels without metadata."""
    content = await file.read(pictures.MOST_BYTES + 1)
    jpeg = await asyncio.get_running_loop().run_in_executor(DECODER, pictures.made_of, content)
    await pictures.store(actor, user.id, jpeg)
    return Done("/account/picture/?after=picture")

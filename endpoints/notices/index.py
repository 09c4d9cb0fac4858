"""What concerns who is signed in: mentions, comments, hazards that they own now, acceptances that went stale."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel

from authentication.access import requires, signed_in
from endpoints._depends import CurrentUser
from endpoints._links import Url
from endpoints._paging import Page, Pages, pagination
from models.comments import hazard_notices
from models.enumerations import NoticeKind

router = APIRouter()


class Notice(BaseModel):
    """`read_date` is null until it was marked as read; `url` is the page that it is about."""

    id: UUID
    kind: NoticeKind
    created_date: datetime
    read_date: datetime | None
    project_id: UUID
    project: str
    hazard_id: UUID
    reference: str
    name: str
    url: Url


class Notices(Page[Notice]):
    unread: int


@router.get("/")
@requires(signed_in)
async def list_notices(user: CurrentUser, paging: Pages) -> Notices:
    """Your notices, unread ones first; those of projects that you are no member of any more are not shown."""
    found, total = await hazard_notices.page(user.member_id, paging.page, paging.limit)
    return Notices(
        data=[Notice.model_validate(one) for one in found],
        pagination=pagination(total, paging.page, paging.limit),
        unread=await hazard_notices.unread(user.member_id),
    )

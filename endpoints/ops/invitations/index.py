"""Invitations that nobody has used yet."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel

from authentication import invitations
from authentication.access import administrator, requires
from endpoints._paging import Page, Pages, pagination

router = APIRouter()


class Invitation(BaseModel):
    id: UUID
    email_address: str
    created_date: datetime
    expires_at: datetime


@router.get("/")
@requires(administrator)
async def open_invitations(paging: Pages) -> Page[Invitation]:
    """Those whose link still works, the newest first."""
    found, total = await invitations.page(paging.page, paging.limit)
    shown = [Invitation.model_validate(row) for row in found]
    return Page(data=shown, pagination=pagination(total, paging.page, paging.limit))

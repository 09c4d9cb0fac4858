"""How often notices about hazards are sent by mail as well."""

from fastapi import APIRouter, Response
from pydantic import BaseModel

from authentication.access import requires, signed_in
from endpoints import _fields
from endpoints._depends import CurrentActor, CurrentUser
from endpoints._faces import Done
from models.enumerations import NoticesByMail
from models.users import profiles

router = APIRouter()


class NoticesEdit(_fields.Request):
    notices_by_mail: NoticesByMail


class NoticeSettings(BaseModel):
    notices_by_mail: NoticesByMail


@router.get("/")
@requires(signed_in)
async def form(user: CurrentUser) -> NoticeSettings:
    """What you chose."""
    return NoticeSettings.model_validate(await profiles.find(user.id))


@router.post("/", status_code=204, response_class=Response)
@requires(signed_in)
async def edit(user: CurrentUser, actor: CurrentActor, change: NoticesEdit) -> Done:
    """It counts for what happens from now on."""
    await profiles.change(actor, "user:notices", user.id, change.model_dump())
    return Done("/account/?after=notices")

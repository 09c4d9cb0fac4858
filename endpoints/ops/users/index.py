"""Everyone who has an account, for those who operate the service."""

from typing import Annotated

from fastapi import APIRouter, Query

from authentication.access import administrator, requires
from endpoints._fields import Line
from endpoints._paging import Page, Paging, pagination
from endpoints.ops.users._user import ListedUser, with_url
from models.users import directory
from models.users.directory import PeopleFilter

router = APIRouter()


class Wanted(Paging):
    search: Line = ""
    is_active: bool | None = None
    is_administrator: bool | None = None
    is_cso: bool | None = None


class Users(Page[ListedUser]):
    wanted: Wanted


@router.get("/")
@requires(administrator)
async def list_users(wanted: Annotated[Wanted, Query()]) -> Users:
    """People by name; `search` finds words of names, addresses, usernames and professions."""
    asked = PeopleFilter(**wanted.model_dump(exclude={"page", "limit"}))
    found, total = await directory.page(asked, wanted.page, wanted.limit)
    shown = [ListedUser.model_validate(with_url(row)) for row in found]
    return Users(data=shown, pagination=pagination(total, wanted.page, wanted.limit), wanted=wanted)

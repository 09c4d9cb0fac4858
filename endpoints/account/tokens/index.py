"""The tokens by which programs of yours call the API."""

from fastapi import APIRouter

from authentication import sessions
from authentication.access import requires, signed_in
from endpoints._depends import CurrentPolicy, CurrentUser
from endpoints._paging import Page, Pages, pagination
from endpoints._token import Token
from models.enumerations import SessionKind

router = APIRouter()


@router.get("/")
@requires(signed_in)
async def tokens(user: CurrentUser, policy: CurrentPolicy, paging: Pages) -> Page[Token]:
    """Your tokens that work, the last used first; the tokens themselves are never shown again."""
    mine = [sessions.SESSIONS.c.user_id == user.id, sessions.SESSIONS.c.kind == SessionKind.TOKEN]
    found, total = await sessions.page_of_live(policy, mine, paging.page, paging.limit)
    shown = [Token.model_validate(row) for row in found]
    return Page(data=shown, pagination=pagination(total, paging.page, paging.limit))

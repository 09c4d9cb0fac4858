"""The account of who is signed in."""

from fastapi import APIRouter

from authentication.access import requires, signed_in
from authentication.scopes import ANY
from endpoints._account import Account
from endpoints._depends import CurrentUser

router = APIRouter()


@router.get("/")
@requires(signed_in, scopes=ANY)
async def account(user: CurrentUser) -> Account:
    """Who you are signed in as."""
    return Account.model_validate(user)

"""Changes your email address, once its new mailbox has answered."""

from fastapi import APIRouter, Response
from pydantic import BaseModel, SecretStr

from authentication import address_changes
from authentication.access import proving, requires
from authentication.throttles import Guess
from endpoints import _fields
from endpoints._depends import CurrentActor, CurrentGuesser, CurrentPolicy, CurrentUser
from endpoints._faces import Done
from endpoints._fields import EmailAddress
from endpoints._passwords import CurrentOwner, wrong
from errors import FieldProblem, Invalid, InvalidCredentials
from models.users.accounts import is_address

router = APIRouter()

NO_ADDRESS = "Enter an email address such as name@example.org"
SAME = "Enter an address that is different from the current one"


class Address(BaseModel):
    """The address now."""

    email_address: str


class NewAddress(_fields.Request):
    email_address: EmailAddress
    password: SecretStr


@router.get("/")
@requires(proving)
async def form(user: CurrentUser) -> Address:
    """The page that asks for the new address and your password."""
    return Address(email_address=user.email_address)


@router.post("/", status_code=204, response_class=Response)
@requires(proving)
async def ask(  # noqa: PLR0913 - one for each thing that FastAPI gives
    actor: CurrentActor,
    user: CurrentUser,
    policy: CurrentPolicy,
    owner: CurrentOwner,
    guesser: CurrentGuesser,
    given: NewAddress,
) -> Done:
    """Send a link to the new address and word to the old one; nothing changes yet.

    The answer does not tell whether the new address has an account.
    """
    account = await owner.account(given.password, "password")
    if not is_address(given.email_address) or given.email_address == user.email_address:
        message = SAME if given.email_address == user.email_address else NO_ADDRESS
        raise Invalid(problems=[FieldProblem("email_address", message)])
    await guesser.count(Guess.MAIL, given.email_address)
    try:
        await address_changes.ask(policy.tokens, actor, account, given.email_address)
    except InvalidCredentials:  # the password was changed at this moment, by another request
        raise wrong("password") from None
    return Done("/auth/check_email/")

"""Makes an account for somebody who comes by themselves, as far as the service lets them."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field, SecretStr

from authentication import registration, single_use
from authentication.access import public, requires
from authentication.registration import Newcomer
from authentication.throttles import Guess
from endpoints import _fields
from endpoints._depends import CurrentGuesser, CurrentPasswords, CurrentPolicy, CurrentSettings
from endpoints._faces import Done
from endpoints._fields import NewAddress, PersonName
from endpoints._passwords import PasswordLimits
from errors import FieldProblem, Invalid, NotAllowed
from models.enumerations import Purpose

router = APIRouter()

CLOSED = "Nobody can register here. Ask an administrator of the service for an account."
UNINVITED = "Ask an administrator of the service for an invitation. The link in it leads here."


class Wanted(BaseModel):
    """What the link of an invitation holds."""

    invitation: str = ""


class Opening(PasswordLimits):
    """Who may register, and as which address when an invitation that still works was given."""

    registration: Literal["off", "invitation", "open"]
    invitation: str
    email_address: str
    may_register: bool
    stale: bool = Field(description="An invitation was given that does not work any more")


class Registration(_fields.Request):
    """With an invitation the address is the one that was invited, and counts as verified."""

    first_name: PersonName
    last_name: PersonName
    email_address: NewAddress = ""
    password: SecretStr
    invitation: str = ""


@router.get("/")
@requires(public)
async def form(settings: CurrentSettings, policy: CurrentPolicy, wanted: Annotated[Wanted, Query()]) -> Opening:
    """The page that asks for names, address and password, or says whom to ask for an account."""
    issued = await single_use.look(policy.tokens, wanted.invitation, Purpose.INVITATION)
    invited = issued is not None and settings.REGISTRATION != "off"
    return Opening(
        registration=settings.REGISTRATION,  # type: ignore[arg-type]  # the setting has been parsed
        invitation=wanted.invitation if invited else "",
        email_address=(issued.email_address or "") if issued and invited else "",
        may_register=invited or settings.REGISTRATION == "open",
        stale=bool(wanted.invitation) and not invited,
    )


@router.post("/", status_code=204, response_class=Response)
@requires(public)
async def register(  # noqa: PLR0913 - one for each thing that FastAPI gives
    request: Request,
    settings: CurrentSettings,
    policy: CurrentPolicy,
    passwords: CurrentPasswords,
    guesser: CurrentGuesser,
    given: Registration,
) -> Done:
    """Make an account; a letter says the rest, and the answer does not tell whether the address has an account."""
    request_id, tokens = request.scope["request_id"], policy.tokens
    if settings.REGISTRATION == "off":
        raise NotAllowed(CLOSED)
    if given.invitation:
        await registration.accept(passwords, tokens, given.invitation, newcomer(given), request_id)
        return Done("/auth/login/?after=registration")
    if settings.REGISTRATION != "open":
        raise Invalid(UNINVITED)
    if not given.email_address:
        raise Invalid(problems=[FieldProblem("email_address", "Enter an email address such as name@example.org")])
    await guesser.count(Guess.MAIL, given.email_address)
    await registration.register(passwords, tokens, newcomer(given), request_id)
    return Done("/auth/check_email/")


def newcomer(given: Registration) -> Newcomer:
    return Newcomer(given.first_name, given.last_name, given.email_address, given.password.get_secret_value())

"""Makes an account for somebody, who chooses its password by the link of a letter."""

from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel

from authentication import standing
from authentication.access import administrator, requires
from endpoints import _fields
from endpoints._depends import CurrentActor, CurrentPolicy
from endpoints._drafts import keeps_draft
from endpoints._fields import Line, NewAddress, PersonName, RequiredText
from endpoints._links import Url

router = APIRouter()


class NewUser(_fields.Request):
    """`registration` says where the professional registration of a Clinical Safety Officer is recorded."""

    first_name: PersonName
    last_name: PersonName
    email_address: NewAddress
    is_administrator: bool = False
    is_cso: bool = False
    registration: Line = ""
    reason: RequiredText


class Form(BaseModel):
    days: int = standing.WELCOME_LIFETIME.days


class Created(BaseModel):
    id: UUID
    url: Url


@router.get("/")
@requires(administrator, recent=True)
@keeps_draft
async def form() -> Form:
    """For how many days the link in the letter works."""
    return Form()


@router.post("/", status_code=201)
@requires(administrator, recent=True)
async def create(actor: CurrentActor, policy: CurrentPolicy, new: NewUser) -> Created:
    """Make the account and send the letter; administrators are told when the address has an account already."""
    names = new.model_dump(include={"first_name", "last_name", "email_address"})
    roles = new.model_dump(include=set(standing.ROLES))
    key = await standing.create(policy.tokens, actor, names, roles, new.reason, new.registration)
    return Created(id=key, url=f"/ops/users/{key}/")

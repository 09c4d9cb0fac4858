"""Which roles must have a second factor, as administrators decide it."""

from fastapi import APIRouter, Response
from pydantic import BaseModel

from authentication import second_factor
from authentication.access import administrator, requires
from endpoints import _fields
from endpoints._depends import CurrentActor, CurrentUser
from endpoints._drafts import keeps_draft
from endpoints._faces import Done
from endpoints._fields import RequiredText
from errors import Conflict
from models.enumerations import FactorRole
from models.users import requirements

router = APIRouter()


class Requirements(BaseModel):
    """`without` is how many active people of each role have no second factor; `own` whether you have one."""

    roles: list[FactorRole]
    choices: list[FactorRole] = list(FactorRole)
    without: dict[FactorRole, int]
    own: bool


class Order(_fields.Request):
    roles: list[FactorRole] = []
    reason: RequiredText


@router.get("/")
@requires(administrator, recent=True)
@keeps_draft
async def show(user: CurrentUser) -> Requirements:
    """What is required now, and whom that leaves without rights until they have set one up."""
    has = await second_factor.held(user.id)
    return Requirements(roles=await requirements.roles(), without=await requirements.lacking(), own=has.any)


@router.post("/", status_code=204, response_class=Response)
@requires(administrator, recent=True)
async def require(user: CurrentUser, actor: CurrentActor, order: Order) -> Done:
    """Require it of these roles and of no others, at once. 409 when you have none yourself."""
    if order.roles and not (await second_factor.held(user.id)).any:
        raise Conflict("Set up a second factor for yourself first. Nothing was changed.")
    await requirements.set_roles(actor, order.roles, order.reason)
    return Done("/ops/second_factor/")

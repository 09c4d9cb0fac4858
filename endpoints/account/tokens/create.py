"""Makes an API token and shows it, once."""

from datetime import timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from authentication import api_tokens
from authentication.access import requires, signed_in
from endpoints import _fields
from endpoints._accept import is_page
from endpoints._depends import CurrentActor, CurrentPolicy, CurrentSession, CurrentSettings, CurrentUser
from endpoints._fields import RequiredLine
from endpoints._pages import render
from endpoints._token import NewToken
from errors import FieldProblem, Invalid
from models.enumerations import TokenScope
from models.storage.columns import new_id

router = APIRouter()

USUAL_DAYS = 90


class Offer(BaseModel):
    """What a token may have: its id, so that a form that is sent twice makes one token, scopes and days."""

    id: UUID
    scopes: list[TokenScope]
    days: int
    most_days: int


class Order(_fields.Request):
    """`days` until it expires; `id` is yours to choose, and may be left out."""

    id: UUID | None = None
    label: RequiredLine = Field(examples=["Nightly export"])
    scopes: Annotated[list[TokenScope], Field(min_length=1)]
    days: Annotated[int, Field(ge=1)] = USUAL_DAYS


@router.get("/")
@requires(signed_in, recent=True)
async def form(user: CurrentUser, settings: CurrentSettings) -> Offer:
    """The page that asks what the token is for."""
    most = settings.API_TOKEN_DAYS
    offered = [scope for scope in TokenScope if scope is not TokenScope.OPS or user.is_administrator]
    return Offer(id=new_id(), scopes=offered, days=min(USUAL_DAYS, most), most_days=most)


@router.post("/", status_code=201, response_model=NewToken)
@requires(signed_in, recent=True)
async def create(  # noqa: PLR0913 - each is a dependency
    request: Request,
    session: CurrentSession,
    actor: CurrentActor,
    policy: CurrentPolicy,
    settings: CurrentSettings,
    order: Order,
) -> NewToken | Response:
    """Make a token; this answer alone shows it."""
    refuse(order, settings.API_TOKEN_DAYS, is_administrator=session.user.is_administrator)
    wanted = api_tokens.Wanted(order.id or new_id(), order.label, order.scopes, timedelta(days=order.days))
    address = request.client.host if request.client else ""
    token, expiry = await api_tokens.create(policy, actor, session, wanted, address)
    scopes = sorted(set(order.scopes))
    made = NewToken(id=wanted.id, label=order.label, scopes=scopes, absolute_expiry=expiry, token=token)
    # No redirect: whatever could carry the token to another page would keep it.
    return render(request, "account/tokens/_created.html", {"model": made}, 201) if is_page(request.scope) else made


def refuse(order: Order, most_days: int, *, is_administrator: bool) -> None:
    problems = []
    if order.days > most_days:
        problems.append(FieldProblem("days", f"Enter a number of days from 1 to {most_days}"))
    if TokenScope.OPS in order.scopes and not is_administrator:
        problems.append(FieldProblem("scopes", "Choose scopes that you may use yourself: ops is for administrators"))
    if problems:
        raise Invalid(problems=problems)

"""Signs a person out: the session is revoked in the database, not only forgotten by the browser."""

from fastapi import APIRouter, Request, Response

from authentication import cookies, revocation, sessions
from authentication.access import registering, requires
from authentication.scopes import ANY
from endpoints._depends import CurrentActor
from endpoints._faces import Done

router = APIRouter()


@router.post("/", status_code=204, response_class=Response)
@requires(registering, scopes=ANY)
async def logout(request: Request, response: Response, actor: CurrentActor) -> Done:
    """End the session that this request came with."""
    await revocation.revoke(actor, [sessions.SESSIONS.c.id == actor.session_id], "signed out")
    cookies.take_back(response, request.scope)
    return Done("/auth/login/")

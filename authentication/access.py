"""Who may call an endpoint: each handler declares it with `@requires(...)`, and the tree of endpoints asks first.

The declaration is data on the handler. The loader refuses a handler without one, and the tree runs it before the body
is read, so there is one source of truth and moving a file never changes its protection.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from starlette.types import Scope

from authentication.permissions import PERMISSIONS
from errors import NotAllowed, NotFound, NotSignedIn
from models import projects

Handler = TypeVar("Handler", bound=Callable[..., object])


@dataclass(frozen=True)
class Access:
    """Who may call a handler. `admit` raises NotSignedIn, NotAllowed or NotFound."""

    name: str
    admit: Callable[[Scope], Awaitable[None]]
    parameters: frozenset[str] = frozenset()
    """The path parameters that the question is about."""
    anonymous: bool = False
    """Whether someone who is not signed in may be admitted."""


def requires(access: Access) -> Callable[[Handler], Handler]:
    """Declare who may call a handler; the decorator nearest to the function."""

    def declare(handler: Handler) -> Handler:
        handler.access = access  # type: ignore[attr-defined]  # the loader and the tree read it
        return handler

    return declare


async def _anyone(_: Scope) -> None:
    return


async def _signed_in(scope: Scope) -> None:
    if "signed in" not in scope["auth"]:
        raise NotSignedIn


async def _verified(scope: Scope) -> None:
    await _signed_in(scope)
    if "verified" not in scope["auth"]:
        raise NotAllowed("Verify your email address first. The link is in the message that was sent to you.")


async def _administrator(scope: Scope) -> None:
    await _signed_in(scope)
    if "administrator" not in scope["auth"]:
        raise NotAllowed("Only administrators may do this.")


public = Access("public", _anyone, anonymous=True)
signed_in = Access("signed in", _signed_in)
verified = Access("verified", _verified)
administrator = Access("administrator", _administrator)


def may(permission: str) -> Access:
    """Access by role in the project of the path; the project found is left in `scope["project"]`.

    Someone else's private project answers 404, so that its existence stays private, also to a member whose address
    nobody verified. KeyError for an unknown permission.
    """
    roles = PERMISSIONS[permission]

    async def admit(scope: Scope) -> None:
        user = scope["user"]
        project = await projects.visible(scope["path_params"]["project_id"], user.member_id if user else None)
        if project is None:
            raise NotFound if user else NotSignedIn
        if project.role not in roles:
            raise NotAllowed if user else NotSignedIn
        scope["project"] = project

    return Access(permission, admit, frozenset({"project_id"}), anonymous=None in roles)

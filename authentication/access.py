"""Who may call an endpoint: each handler declares it with `@requires(...)`, and the tree of endpoints asks first.

The declaration is data on the handler. The loader refuses a handler without one, and the tree runs it before the body
is read, so there is one source of truth and moving a file never changes its protection.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import TypeVar

from starlette.types import Scope

from authentication import scopes
from authentication.permissions import IN_THE_ARCHIVE, PERMISSIONS
from authentication.scopes import SAFE_METHODS, Scopes
from errors import FactorMissing, NotAllowed, NotFound, NotRecent, NotSignedIn, NotVerified, ProjectArchived
from models.enumerations import Factors
from models.projects import projects

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
    recent: bool = False
    """Whether they must have proved who they are within the last minutes."""
    scopes: Scopes | None = None
    """The scopes of which a token needs one, where the table of authentication/scopes.py does not say it."""

    def scopes_for(self, method: str) -> Scopes:
        """The scopes of which a token needs one to call with this method; with none of them no token may."""
        if self.scopes is not None:
            return self.scopes
        return scopes.NONE if self.recent else scopes.needed(self.name, safe=method in SAFE_METHODS)


async def admit(access: Access, scope: Scope) -> None:
    """Let a request in, or raise why not: its token's scopes first, then the person that it stands for."""
    scopes.refuse_beyond(scope["session"], access.scopes_for(scope["method"]))
    await access.admit(scope)


def requires(access: Access, *, recent: bool = False, scopes: Scopes | None = None) -> Callable[[Handler], Handler]:
    """Declare who may call a handler; the decorator nearest to the function.

    `recent` is for sensitive acts: NotRecent unless the person has just proved who they are (OWASP ASVS 5.0, 7.5.1).
    `scopes` opens to tokens with one of them what is closed to tokens otherwise.
    """
    declared = access
    if recent:
        declared = replace(declared, admit=_recently(access), recent=True)
    if scopes is not None:
        declared = replace(declared, scopes=scopes)

    def declare(handler: Handler) -> Handler:
        handler.access = declared  # type: ignore[attr-defined]  # the loader and the tree read it
        return handler

    return declare


def _recently(access: Access) -> Callable[[Scope], Awaitable[None]]:
    async def admit(scope: Scope) -> None:
        await access.admit(scope)
        if "recent" not in scope["auth"]:
            raise NotRecent

    return admit


async def _anyone(_: Scope) -> None:
    return


async def _signed_in(scope: Scope) -> None:
    if "signed in" not in scope["auth"]:
        raise NotSignedIn


async def _whole(scope: Scope) -> None:
    await _signed_in(scope)
    if "whole" not in scope["auth"]:
        raise FactorMissing


async def _verified(scope: Scope) -> None:
    await _whole(scope)
    if "verified" not in scope["auth"]:
        raise NotVerified


async def _administrator(scope: Scope) -> None:
    await _whole(scope)
    if "administrator" not in scope["auth"]:
        raise NotAllowed("Only administrators may do this.")


public = Access("public", _anyone, anonymous=True)
signed_in = Access("signed in", _whole)
registering = Access("signed in, second factor or not", _signed_in)
"""For what leads to a second factor, and out again."""
verified = Access("verified", _verified)
administrator = Access("administrator", _administrator)


async def _proving(scope: Scope) -> None:
    await _whole(scope)
    if scope["session"].factors is not Factors.PASSWORD and "recent" not in scope["auth"]:
        raise NotRecent


proving = Access("signed in", _proving)
"""For what asks for the password itself: who signs in with more than that has shown it in the last minutes as well."""


def may(permission: str) -> Access:
    """Access by role in the project of the path; the project found is left in `scope["project"]`.

    Someone else's private project answers 404, so that its existence stays private, also to a member whose address
    nobody verified. ProjectArchived for every change of an archived project but to take it out, and for the forms of
    such changes (the commit asks again: `audit.keep_role`). KeyError for an unknown permission.
    """
    roles = PERMISSIONS[permission]

    async def admit(scope: Scope) -> None:
        if scope["user"] is not None:
            await _whole(scope)
        user = scope["user"]
        project = await projects.visible(scope["path_params"]["project_id"], user.member_id if user else None)
        if project is None:
            raise NotFound if user else NotSignedIn
        if project.role not in roles:
            raise NotAllowed if user else NotSignedIn
        scope["project"] = project
        reads = scope["method"] in SAFE_METHODS and permission in IN_THE_ARCHIVE
        if project.archived_date and not reads and permission != "project:unarchive":
            raise ProjectArchived

    return Access(permission, admit, frozenset({"project_id"}), anonymous=None in roles)

"""What a program's token may do, as data; the tree asks here before it asks who the person is.

A token never does more than its scopes, nor more than its person may at this request. What is not named here is closed
to tokens: accounts, credentials, and every act that needs recent proof of who it is.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from authentication.permissions import PERMISSIONS
from authentication.sessions import LiveSession
from errors import ScopeMissing
from models.enumerations import SessionKind, TokenScope

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
Scopes = frozenset[TokenScope]
READ, WRITE, MEMBERS, OPS = (frozenset({scope}) for scope in TokenScope)
ANY = frozenset(TokenScope)
NONE: Scopes = frozenset()


class Needed(NamedTuple):
    """Which scopes admit a request: one of them is enough."""

    safe: Scopes
    unsafe: Scopes


PROJECT_WRITE, PROJECT_MEMBERS, NOBODY = Needed(READ, WRITE), Needed(MEMBERS, MEMBERS), Needed(NONE, NONE)
NEEDED: Mapping[str, Needed] = MappingProxyType(
    {
        "public": Needed(ANY, NONE),
        "verified": PROJECT_WRITE,
        "administrator": Needed(OPS, OPS),
        **dict.fromkeys(PERMISSIONS, PROJECT_WRITE),
        "members:manage": PROJECT_MEMBERS,
        "project:transfer": PROJECT_MEMBERS,
        # What only a person does, with recent proof of who they are.
        "project:visibility": NOBODY,
        "hazard:accept": NOBODY,
    }
)
"""By what an endpoint requires. `@requires(..., scopes=...)` says it where this table would not."""


def needed(access: str, *, safe: bool) -> Scopes:
    """The scopes of which a token needs one; none admits it where there are none."""
    found = NEEDED.get(access, Needed(NONE, NONE))
    return found.safe if safe else found.unsafe


def refuse_beyond(session: LiveSession | None, scopes: Scopes) -> None:
    """ScopeMissing when the session is a program's and has none of these scopes."""
    if session is None or session.kind is SessionKind.BROWSER:
        return
    if not scopes & set(session.scopes.split()):
        raise ScopeMissing(scopes)

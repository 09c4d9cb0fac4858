"""What each role of a project may do, as data; None is anyone who may see the project because it is public."""

from models.enumerations import Role

WRITERS = frozenset({Role.OWNER, Role.CSO, Role.CONTRIBUTOR})
READERS = frozenset({*Role, None})

PERMISSIONS: dict[str, frozenset[Role | None]] = {
    "project:read": READERS,
    "project:edit": frozenset({Role.OWNER, Role.CSO}),
    "project:visibility": frozenset({Role.OWNER}),
    "project:transfer": frozenset({Role.OWNER}),
    "project:archive": frozenset({Role.OWNER}),
    "project:unarchive": frozenset({Role.OWNER}),
    "members:read": frozenset(Role),
    "members:manage": frozenset({Role.OWNER}),
    "hazard:read": READERS,
    "hazard:write": WRITERS,
    "hazard:assess": WRITERS,
    # To look at what there is to accept; models/risk/acceptance.py asks for an officer or executive.
    "hazard:accept": frozenset(Role),
    "hazard:status": frozenset({Role.OWNER, Role.CSO}),
    "hazard:import": WRITERS,
    "comment:read": frozenset(Role),
    "comment:write": WRITERS | {Role.REVIEWER},
    "evidence:read": READERS,
    "file:read": frozenset(Role),
    "evidence:write": WRITERS,
}

IN_THE_ARCHIVE = frozenset({"project:unarchive", *(name for name in PERMISSIONS if name.endswith(":read"))})
"""What may still be done in a project that is archived: it is read, until somebody takes it out."""


def allows(permission: str, role: Role | None, *, archived: bool = False) -> bool:
    """Whether a role may do that, also in a project that is archived; KeyError for an unknown permission."""
    return role in PERMISSIONS[permission] and (not archived or permission in IN_THE_ARCHIVE)

"""What each role of a project may do, as data; None is anyone who may see the project because it is public."""

from models.enumerations import Role

WRITERS = frozenset({Role.OWNER, Role.CSO, Role.CONTRIBUTOR})
READERS = frozenset({*Role, None})

PERMISSIONS: dict[str, frozenset[Role | None]] = {
    "project:read": READERS,
    "members:read": frozenset(Role),
    "members:manage": frozenset({Role.OWNER}),
    "hazard:read": READERS,
    "hazard:write": WRITERS,
    "hazard:assess": WRITERS,
    "hazard:status": frozenset({Role.OWNER, Role.CSO}),
    "hazard:import": WRITERS,
    "comment:read": frozenset(Role),
    "comment:write": WRITERS | {Role.REVIEWER},
}


def allows(permission: str, role: Role | None) -> bool:
    """Whether a role may do that; KeyError for an unknown permission."""
    return role in PERMISSIONS[permission]

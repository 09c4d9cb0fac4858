"""Writes docs/permissions.md, so that it is as true as authentication/permissions.py and the tree of endpoints."""

import sys
from collections.abc import Iterable

import endpoints
from authentication.permissions import IN_THE_ARCHIVE, PERMISSIONS
from endpoints._loader import load
from endpoints._tree import Operation
from models.enumerations import Role

INTRODUCTION = """# Who may do what in a project

Written by `python -m docs.permissions > docs/permissions.md` from `authentication/permissions.py` and the endpoints.

Roles belong to a project and are those of the database at each request. Somebody else's private project is 404
everywhere, as if it did not exist; a public one can be read by anyone, signed in or not. Where a role is not enough the
answer is 403, or 401 for who is not signed in. An archived project can only be read: everything else is 409
`PROJECT_ARCHIVED`, but for taking it out of the archive.
"""
TESTED = """
`tests/authentication/test_access.py` reads this table and calls every endpoint as every kind of caller, in a private
project, a public one and none; `tests/endpoints/projects/test_permissions.py` does it in one that is archived.

A new permission is a line in `authentication/permissions.py`, a name in the table of scopes in
[authentication.md](authentication.md#api-tokens), and a line in `MAY` of
`tests/endpoints/projects/test_permissions.py`; then run the command above.
"""
ANYONE = "anyone, in a public project"


def documentation(operations: Iterable[Operation]) -> str:
    return (
        "\n".join([INTRODUCTION, *permissions(), TESTED, "## Which endpoint asks for which", "", *urls(operations)])
        + "\n"
    )


def permissions() -> Iterable[str]:
    roles: list[Role | None] = [*Role, None]
    yield f"| Permission | {' | '.join([*Role, ANYONE])} | in the archive |"
    yield "|---" * (len(roles) + 2) + "|"
    for name, holders in PERMISSIONS.items():
        marks = [mark(role in holders) for role in roles]
        yield f"| `{name}` | {' | '.join([*marks, mark(name in IN_THE_ARCHIVE)])} |"


def mark(holds: bool) -> str:
    return "yes" if holds else "-"


def urls(operations: Iterable[Operation]) -> Iterable[str]:
    """Every endpoint of a project; `!` where it also needs recent proof of who somebody is."""
    yield "`!`: only with recent proof of who it is ([authentication.md](authentication.md))."
    yield ""
    yield "| Method | Below `/projects/{project_id}/` | Permission |"
    yield "|---|---|---|"
    inside = sorted((one for one in operations if "{project_id}" in one.url), key=lambda one: (one.url, one.methods))
    for one in inside:
        place = one.url.removeprefix("/projects/{project_id}/")
        for method in one.methods:
            yield f"| {method} | `{place or './'}` | `{one.access.name}`{' !' if one.access.recent else ''} |"


if __name__ == "__main__":
    sys.stdout.write(documentation(load(endpoints)))

"""Who may call what in a project: every endpoint, by every role and by everyone else."""

import httpx
from fastapi import FastAPI

from endpoints._tree import Operation, Tree
from models.enumerations import Role
from tests.clients import Person, connect
from tests.endpoints.projects.conftest import Join
from tests.endpoints.projects.traces import key_of

NOWHERE = "00000000-0000-7000-8000-000000000000"

# Who may do what, said a second time so that a slip in authentication/permissions.py is seen.
EVERYONE = set(Role)
WRITERS = {Role.OWNER, Role.CSO, Role.CONTRIBUTOR}
MAY = {
    "project:read": EVERYONE,
    "project:edit": {Role.OWNER, Role.CSO},
    "project:visibility": {Role.OWNER},
    "project:transfer": {Role.OWNER},
    "project:archive": {Role.OWNER},
    "project:unarchive": {Role.OWNER},
    "members:read": EVERYONE,
    "members:manage": {Role.OWNER},
    "hazard:read": EVERYONE,
    "hazard:write": WRITERS,
    "hazard:assess": WRITERS,
    "hazard:accept": EVERYONE,
    "hazard:status": {Role.OWNER, Role.CSO},
    "hazard:import": WRITERS,
    "evidence:read": EVERYONE,
    "file:read": EVERYONE,
    "evidence:write": WRITERS,
    "comment:read": EVERYONE,
    "comment:write": WRITERS | {Role.REVIEWER},
}
READ_BY_ALL = {"project:read", "hazard:read", "evidence:read"}
UNKNOWN = ("link_id", "member_id", "import_id", "evidence_id", "control_id", "cause_id")
"""What the project of these tests has none of."""


def operations(app: FastAPI) -> list[Operation]:
    """Every endpoint of a project."""
    tree: Tree = app.state.tree
    return [found for found in tree.operations if "{project_id}" in found.url]


async def called(client: httpx.AsyncClient, found: Operation, project: str, hazard: str = NOWHERE) -> int:
    url = found.url.replace("{project_id}", str(key_of(project))).replace("{hazard_id}", hazard)
    for name in UNKNOWN:
        url = url.replace(f"{{{name}}}", NOWHERE)
    return (await client.request(found.methods[0], url, json={})).status_code


async def test_a_private_project_is_nowhere_for_others(
    app: FastAPI, stranger: Person, administrator: Person, project: str, hazard: str
) -> None:
    anonymous = connect(app)
    key = str(key_of(hazard))
    for found in operations(app):
        assert await called(stranger.client, found, project, key) == 404, found.url
        assert await called(administrator.client, found, project, key) == 404, found.url
        assert await called(anonymous, found, project, key) == 401, found.url
        # What is not there cannot be told from what may not be seen.
        assert await called(stranger.client, found, f"/{NOWHERE}/") == 404, found.url


async def test_each_role_may_do_what_it_is_for(app: FastAPI, join: Join, project: str, hazard: str) -> None:
    found = operations(app)
    assert {one.access.name for one in found} <= MAY.keys()
    for role in Role:
        member = await join(role)
        for one in found:
            status = await called(member.client, one, project, str(key_of(hazard)))
            assert (status != 403) == (role in MAY[one.access.name]), (role, one.url, status)


async def test_a_public_project_is_read_by_all_and_changed_by_members(
    app: FastAPI, client: httpx.AsyncClient, owner: Person, stranger: Person, public_project: str
) -> None:
    created = await owner.client.post(f"{public_project}hazards/create/", json={"name": "Seen by all"})
    key = created.json()["id"]
    for one in operations(app):
        statuses = [await called(who, one, public_project, key) for who in (stranger.client, client)]
        absent = any(f"{{{name}}}" in one.url for name in UNKNOWN)
        expected = [403, 401] if one.access.name not in READ_BY_ALL else [404 if absent else 200] * 2
        assert statuses == expected, one.url


async def test_an_archived_project_is_read_and_nothing_else(app: FastAPI, owner: Person, hazard: str) -> None:
    project = hazard.partition("hazards/")[0]
    assert (await owner.client.post(f"{project}archive/", json={"reason": "Replaced"})).status_code == 204
    for one in operations(app):
        for method in one.methods:
            safe = method == "GET"
            url = one.url.format(**dict.fromkeys(one.route.param_convertors, NOWHERE) | {"project_id": key_of(project)})
            answer = await owner.client.request(method, url, json=None if safe else {})
            refused = answer.status_code == 409 and answer.json()["code"] == "PROJECT_ARCHIVED"
            reads = safe and one.access.name.endswith(":read")
            assert refused != (reads or one.access.name == "project:unarchive"), (method, one.url, answer.text)

"""Adding people to a project, and who works on it."""

from models.enumerations import Role
from tests.clients import Person, SignUp
from tests.endpoints.projects.conftest import Join
from tests.endpoints.projects.traces import audited, broken_trail, key_of, last_audited, refused, stored


async def test_a_member_is_added_by_address(owner: Person, stranger: Person, project: str) -> None:
    body = {"email_address": f" {stranger.email_address.upper()} ", "role": "reviewer"}
    answer = await owner.client.post(f"{project}members/create/", json=body)
    member = answer.json()
    assert answer.status_code == 201
    assert (member["user_id"], member["role"]) == (str(stranger.id), "reviewer")
    assert (member["first_name"], member["email_address"]) == ("Stranger", stranger.email_address)
    assert answer.headers["location"] == f"{project}members/"


async def test_a_role_counts_at_the_next_request(owner: Person, stranger: Person, project: str) -> None:
    assert (await stranger.client.get(project)).status_code == 404
    body = {"email_address": stranger.email_address, "role": "viewer"}
    await owner.client.post(f"{project}members/create/", json=body)
    assert (await stranger.client.get(project)).json()["role"] == "viewer"
    refused(await stranger.client.post(f"{project}hazards/create/", json={"name": "No"}), 403)


async def test_members_are_listed_by_name(owner: Person, join: Join, project: str) -> None:
    for role in (Role.VIEWER, Role.CSO):
        await join(role)
    listed = (await owner.client.get(f"{project}members/")).json()
    assert [(member["first_name"], member["role"]) for member in listed["data"]] == [
        ("Cso", "cso"),
        ("Owner", "owner"),
        ("Viewer", "viewer"),
    ]
    assert listed["roles"] == ["owner", "cso", "contributor", "reviewer", "viewer"]


async def test_who_only_reads_a_public_project_sees_no_addresses(stranger: Person, public_project: str) -> None:
    refused(await stranger.client.get(f"{public_project}members/"), 403)


async def test_what_cannot_be_is_refused(owner: Person, stranger: Person, project: str) -> None:
    before = await stored()
    refusals = (
        ({"email_address": "nobody@example.org", "role": "viewer"}, "email_address"),
        ({"email_address": "", "role": "viewer"}, "email_address"),
        ({"email_address": "nul\0@example.org", "role": "viewer"}, "email_address"),
        ({"email_address": stranger.email_address, "role": "king"}, "role"),
        ({"email_address": stranger.email_address}, "role"),
        ({"email_address": stranger.email_address, "role": "viewer", "until": "May"}, "until"),
    )
    for body, field in refusals:
        assert refused(await owner.client.post(f"{project}members/create/", json=body)) == [field]
    assert await stored() == before


async def test_a_member_is_added_once(owner: Person, join: Join, project: str) -> None:
    viewer = await join(Role.VIEWER)
    before = await stored()
    body = {"email_address": viewer.email_address, "role": "owner"}
    refused(await owner.client.post(f"{project}members/create/", json=body), 409)
    assert await stored() == before


async def test_one_entry_tells_who_was_added_as_what(owner: Person, stranger: Person, project: str) -> None:
    mark = await last_audited()
    body = {"email_address": stranger.email_address, "role": "cso"}
    await owner.client.post(f"{project}members/create/", json=body)
    [entry] = await audited(mark)
    assert (entry["action"], entry["project_id"], entry["user_id"]) == ("member:add", key_of(project), owner.id)
    assert entry["after"] == {"user_id": str(stranger.id), "role": "cso"}


async def test_without_its_entry_nobody_is_added(owner: Person, sign_up: SignUp, project: str) -> None:
    newcomer = await sign_up("newcomer")
    before = await stored()
    async with broken_trail():
        body = {"email_address": newcomer.email_address, "role": "viewer"}
        refused(await owner.client.post(f"{project}members/create/", json=body), 500)
    assert await stored() == before


async def test_the_choices_are_told(owner: Person, project: str) -> None:
    choices = (await owner.client.get(f"{project}members/create/")).json()
    assert choices["project"]["url"] == project
    assert choices["roles"] == [role.value for role in Role]

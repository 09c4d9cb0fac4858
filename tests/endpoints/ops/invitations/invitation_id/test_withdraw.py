"""A withdrawn invitation opens nothing."""

from models.storage.columns import new_id
from tests.authentication import stored
from tests.clients import PAGE, Person


async def test_it_works_no_more(administrator: Person) -> None:
    await administrator.client.post("/ops/invitations/create/", json={"email_address": "new@example.org"})
    (one,) = (await administrator.client.get("/ops/invitations/")).json()["data"]
    here = f"/ops/invitations/{one['id']}/withdraw/"
    done = await administrator.client.post(here, headers=PAGE)
    assert (done.status_code, done.headers["location"]) == (303, "/ops/invitations/")
    assert (await administrator.client.get("/ops/invitations/")).json()["data"] == []
    (entry,) = await stored.history("invitation:withdraw")
    assert (str(entry["entity_id"]), entry["before"]) == (one["id"], {"email_address": "new@example.org"})
    assert (await administrator.client.post(here)).status_code == 404


async def test_what_is_no_invitation(administrator: Person, owner: Person) -> None:
    assert (await administrator.client.post(f"/ops/invitations/{new_id()}/withdraw/")).status_code == 404
    assert (await owner.client.post(f"/ops/invitations/{new_id()}/withdraw/")).status_code == 403

"""A token ends at once, by its owner alone."""

from fastapi import FastAPI

from tests.authentication import stored
from tests.clients import PAGE, Person
from tests.tokens import make, program


async def test_it_is_refused_at_its_next_request(app: FastAPI, owner: Person) -> None:
    made = await make(owner, "read")
    async with program(app, made["token"]) as client:
        assert (await client.get("/projects/")).status_code == 200
        assert (await owner.client.post(f"/account/tokens/{made['id']}/revoke/")).status_code == 204
        answer = await client.get("/projects/")
    assert (answer.status_code, answer.json()["code"]) == (401, "INVALID_TOKEN")
    assert (await owner.client.get("/account/")).status_code == 200
    (entry,) = await stored.history("session:revoke")
    assert (str(entry["entity_id"]), entry["reason"]) == (made["id"], "ended by its owner")


async def test_nobody_else_s_and_no_session_of_a_browser(owner: Person, stranger: Person) -> None:
    made = await make(owner, "read")
    own = await stored.session_id(stranger.id)
    for identity in (made["id"], own):
        assert (await stranger.client.post(f"/account/tokens/{identity}/revoke/")).status_code == 404
    again = f"/account/tokens/{made['id']}/revoke/"
    page = await owner.client.post(again, headers=PAGE)
    assert (page.status_code, page.headers["location"]) == (303, "/account/tokens/")
    assert (await owner.client.post(again)).status_code == 404, "it has ended"

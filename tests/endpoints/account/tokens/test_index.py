"""The list of one's own tokens: what each is for, and when it was used."""

from datetime import timedelta

from fastapi import FastAPI

from models.storage.columns import utc_now
from tests.authentication import stored
from tests.clients import PAGE, Person
from tests.tokens import make, program


async def test_one_s_own_that_work(owner: Person, stranger: Person) -> None:
    await make(stranger, "read")
    made = await make(owner, "read", "write")
    gone = await make(owner, "read")
    await owner.client.post(f"/account/tokens/{gone['id']}/revoke/")
    answer = (await owner.client.get("/account/tokens/")).json()
    (shown,) = answer["data"]
    assert (shown["id"], shown["label"], shown["scopes"]) == (made["id"], "Export", ["read", "write"])
    assert answer["pagination"]["total"] == 1


async def test_the_page_tells_when_it_was_used(app: FastAPI, owner: Person) -> None:
    made = await make(owner, "read")
    assert "Not used yet" in (await owner.client.get("/account/tokens/", headers=PAGE)).text
    (session,) = [row["id"] for row in await stored.sessions_of(owner.id) if str(row["id"]) == made["id"]]
    long_ago = utc_now() - timedelta(days=40)
    await stored.used(session, at=long_ago)
    async with program(app, made["token"]) as client:
        assert (await client.get("/account/")).status_code == 200, "a program may rest between its runs"
    assert await stored.last_use(session) > long_ago
    assert "Not used yet" not in (await owner.client.get("/account/tokens/", headers=PAGE)).text

"""Operators see every live session, in pages and by address, and never a secret or its hash."""

import re

import httpx

from tests.authentication import stored
from tests.clients import Person, SignUp

FIELDS = {
    *("id", "kind", "label", "created_date", "last_seen", "absolute_expiry", "device", "address", "current"),
    *("email_address", "first_name", "last_name"),
}


async def listed(person: Person, query: str = "") -> dict[str, dict[str, object]]:
    """The sessions that an operator sees, by address; each person of these tests has one."""
    answer = await person.client.get(f"/ops/sessions/{query}")
    assert answer.status_code == 200, answer.text
    return {one["email_address"]: one for one in answer.json()["data"]}


async def test_everyones_live_sessions(owner: Person, stranger: Person, administrator: Person) -> None:
    await stranger.client.post("/auth/logout/")
    found = await listed(administrator)
    assert set(found) == {owner.email_address, administrator.email_address}
    assert {address: one["current"] for address, one in found.items()} == {
        owner.email_address: False,
        administrator.email_address: True,
    }
    assert all(set(one) == FIELDS for one in found.values())
    assert found[owner.email_address]["id"] == str(await stored.session_id(owner.id))


async def test_by_address(owner: Person, stranger: Person, administrator: Person) -> None:
    for written in ("owner@example.org", "OWNER@example.org", "%20owner%40example.org%20"):
        assert set(await listed(administrator, f"?email_address={written}")) == {owner.email_address}


async def test_an_address_is_a_whole_one(owner: Person, administrator: Person) -> None:
    for written in ("nobody@example.org", "owner", "%25", "owner@example.or_"):
        assert await listed(administrator, f"?email_address={written}") == {}


async def test_sessions_of_inactive_accounts_are_not_live(owner: Person, administrator: Person) -> None:
    await stored.set_user(owner.id, is_active=False)
    assert set(await listed(administrator)) == {administrator.email_address}


async def test_pages(sign_up: SignUp, administrator: Person) -> None:
    for number in range(4):
        await sign_up(f"nurse{number}")
    pages = [(await administrator.client.get(f"/ops/sessions/?limit=2&page={page}")).json() for page in (1, 2, 3)]
    assert [len(page["data"]) for page in pages] == [2, 2, 1]
    assert len({one["id"] for page in pages for one in page["data"]}) == 5
    assert pages[0]["pagination"] == {
        "total": 5,
        "page": 1,
        "page_size": 2,
        "total_pages": 3,
        "has_next": True,
        "has_prev": False,
    }


async def test_what_cannot_be_asked(administrator: Person) -> None:
    for query in ("?limit=0", "?limit=101", "?page=0", "?page=x", "?email_address=a%00b"):
        assert (await administrator.client.get(f"/ops/sessions/{query}")).status_code == 422


async def test_never_a_secret_or_its_hash(owner: Person, administrator: Person) -> None:
    text = (await administrator.client.get("/ops/sessions/")).text
    (session,) = await stored.sessions_of(owner.id)
    assert session["token_hash"].hex() not in text
    assert not set(owner.client.cookies["turva_session"].split(".")) & set(re.findall(r"[\w-]+", text))
    assert "hash" not in text
    assert "token" not in text


async def test_administrators_only(owner: Person, client: httpx.AsyncClient) -> None:
    assert (await owner.client.get("/ops/sessions/")).status_code == 403
    assert (await client.get("/ops/sessions/")).status_code == 401

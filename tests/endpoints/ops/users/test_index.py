"""Administrators see everyone, by word and by role, whatever people show to others."""

import httpx

from tests.authentication import stored
from tests.clients import PAGE, Person, SignUp

HERE = "/ops/users/"


async def found(administrator: Person, query: str = "") -> list[str]:
    answer = await administrator.client.get(f"{HERE}{query}")
    assert answer.status_code == 200, answer.text
    return [person["first_name"] for person in answer.json()["data"]]


async def test_everyone_by_name(administrator: Person, owner: Person, stranger: Person) -> None:
    for person in (owner, stranger):
        await stored.set_user(person.id, name_shown_to="members", email_shown_to="nobody")
    assert await found(administrator) == ["Administrator", "Owner", "Stranger"]
    (one,) = (await administrator.client.get(f"{HERE}?search=stranger")).json()["data"]
    assert one["email_address"] == stranger.email_address
    assert one["url"] == f"{HERE}{stranger.id}/"
    assert not {"password_hash", "auth_epoch"} & set(one)


async def test_filters(administrator: Person, sign_up: SignUp) -> None:
    cso, left = await sign_up("cso", is_cso=True), await sign_up("left")
    await stored.set_user(left.id, is_active=False, username="gone.1", profession="Midwife")
    await stored.set_user(cso.id, profession="Midwife")
    for query, names in {
        "?is_active=false": ["Left"],
        "?is_active=true": ["Administrator", "Cso"],
        "?is_administrator=true": ["Administrator"],
        "?is_cso=true": ["Cso"],
        "?is_cso=false&is_administrator=false": ["Left"],
        "?search=midWIFE": ["Cso", "Left"],
        "?search=midwife+left": ["Left"],
        "?search=gone.1": ["Left"],
        "?search=cso@example": ["Cso"],
        "?search=%25": [],
        "?search=nobody": [],
    }.items():
        assert await found(administrator, query) == names, query


async def test_pages(administrator: Person, sign_up: SignUp) -> None:
    for number in range(3):
        await sign_up(f"nurse{number}")
    pages = [await found(administrator, f"?limit=2&page={page}") for page in (1, 2, 3)]
    assert pages == [["Administrator", "Nurse0"], ["Nurse1", "Nurse2"], []]


async def test_the_page(administrator: Person, stranger: Person) -> None:
    await stored.set_user(stranger.id, is_active=False)
    page = (await administrator.client.get(f"{HERE}?search=&is_active=false", headers=PAGE)).text
    assert "1 user" in page
    assert f'href="{HERE}{stranger.id}/"' in page
    assert "Disabled" in page
    assert '<option value="false" selected>' in page


async def test_administrators_only(owner: Person, client: httpx.AsyncClient) -> None:
    assert (await owner.client.get(HERE)).status_code == 403
    assert (await client.get(HERE)).status_code == 401

"""Signing in: one answer for every wrong combination, a new session for the right one."""

import httpx

from tests.clients import PAGE, PASSWORD, Person


async def test_wrong_combinations_are_indistinguishable(client: httpx.AsyncClient, owner: Person) -> None:
    tries = [
        {"email_address": owner.email_address, "password": "wrong"},
        {"email_address": "nobody@example.org", "password": PASSWORD},
        {"email_address": "not an address", "password": PASSWORD},
        {"email_address": "nul\x00@example.org", "password": PASSWORD},
    ]
    answers = [await client.post("/auth/login/", json=body) for body in tries]
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.text for answer in answers}) == 1
    assert answers[0].json()["detail"] == "Invalid credentials"
    assert not any("set-cookie" in answer.headers for answer in answers)


async def test_the_right_password_answers_exactly_the_contract(client: httpx.AsyncClient, owner: Person) -> None:
    answer = await client.post("/auth/login/", json={"email_address": owner.email_address, "password": PASSWORD})
    assert answer.json() == {
        "id": str(owner.id),
        "first_name": "Owner",
        "last_name": "Example",
        "email_address": owner.email_address,
        "is_verified": True,
        "is_cso": False,
    }


async def test_a_browser_goes_where_it_wanted(client: httpx.AsyncClient, owner: Person) -> None:
    form = {"email_address": owner.email_address, "password": PASSWORD, "next": "/account/"}
    answer = await client.post("/auth/login/", data=form, headers=PAGE)
    assert (answer.status_code, answer.headers["location"]) == (303, "/account/")
    assert (await client.get("/account/")).status_code == 200

"""The account that a session belongs to."""

import httpx

from tests.clients import PAGE, Person


async def test_who_is_signed_in(administrator: Person) -> None:
    answer = await administrator.client.get("/account/")
    assert (answer.status_code, answer.json()) == (
        200,
        {
            "id": str(administrator.id),
            "first_name": "Administrator",
            "last_name": "Example",
            "email_address": administrator.email_address,
            "is_verified": True,
            "is_cso": False,
            "is_administrator": True,
        },
    )


async def test_nobody_without_a_session(client: httpx.AsyncClient) -> None:
    answer = await client.get("/account/")
    assert (answer.status_code, answer.json()["code"]) == (401, "NOT_SIGNED_IN")


async def test_no_answer_about_a_person_is_kept_by_a_cache(owner: Person) -> None:
    assert (await owner.client.get("/account/")).headers["cache-control"] == "no-store"


async def test_a_browser_without_a_session_goes_to_sign_in_and_back(client: httpx.AsyncClient) -> None:
    answer = await client.get("/account/sessions/?page=2", headers=PAGE)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/auth/login/?next=%2Faccount%2Fsessions%2F%3Fpage%3D2"

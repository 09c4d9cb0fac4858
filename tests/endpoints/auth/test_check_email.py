"""The page that says that a letter may be on its way: the same for everyone."""

import httpx

from tests.clients import PAGE


async def test_it_says_what_to_look_for_and_nothing_about_anyone(client: httpx.AsyncClient) -> None:
    assert (await client.get("/auth/check_email/")).json() == {"sender": "turva@localhost"}
    page = (await client.get("/auth/check_email/", headers=PAGE)).text
    assert "an email from turva@localhost is on its way" in page
    assert "never says whether somebody has an account" in page

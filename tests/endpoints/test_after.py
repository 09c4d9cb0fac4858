"""What a page says of the change that led to it comes from a list of ours, and from nowhere else."""

import re
from pathlib import Path

import httpx
import pytest

import endpoints
from endpoints._after import AFTER
from tests.clients import PAGE, Person


@pytest.mark.parametrize("after", ["registration", "reset_password", "deactivation"])
async def test_who_is_led_to_sign_in_is_told_what_was_done(client: httpx.AsyncClient, after: str) -> None:
    page = await client.get("/auth/login/", params={"after": after}, headers=PAGE)
    assert AFTER[after] in page.text
    assert AFTER[after] not in (await client.get("/auth/login/", headers=PAGE)).text


async def test_a_saved_profile_is_said_to_be_saved(owner: Person) -> None:
    answer = await owner.client.post("/account/profile/", data={"first_name": "Grace"}, headers=PAGE)
    assert (answer.status_code, answer.headers["location"]) == (303, "/account/?after=profile")
    page = await owner.client.get(answer.headers["location"], headers=PAGE)
    assert AFTER["profile"] in page.text


async def test_a_page_says_nothing_that_a_link_tells_it_to(owner: Person) -> None:
    page = await owner.client.get("/account/", params={"after": "Call this number"}, headers=PAGE)
    assert "Call this number" not in page.text
    assert "notification-banner" not in page.text


def test_every_word_is_used_and_none_is_missing() -> None:
    modules = Path(endpoints.__file__).parent.rglob("*.py")
    used = {word for module in modules for word in re.findall(r"\?after=(\w+)", module.read_text("utf-8"))}
    assert used == set(AFTER)

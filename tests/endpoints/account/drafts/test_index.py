"""Text that is being typed is kept for who types it, and offered where it was typed; it is gone once it was sent."""

import httpx
import pytest

from tests.clients import PAGE, Person

CREATE = "/projects/create/"


async def keep(person: Person, path: str = CREATE, form: str = "name=Ward+round&description=%3Cb%3E") -> httpx.Response:
    return await person.client.post("/account/drafts/", json={"path": path, "form": form})


async def page(person: Person, path: str) -> str:
    answer = await person.client.get(path, headers=PAGE)
    assert answer.status_code == 200, answer.text
    return answer.text


async def test_it_is_offered_to_who_typed_it_only(owner: Person, stranger: Person) -> None:
    assert "Use it" not in await page(owner, CREATE)
    answer = await keep(owner)
    assert (answer.status_code, answer.headers["location"]) == (200, CREATE)
    offered = await page(owner, CREATE)
    assert "We kept what you typed here on" in offered
    assert 'href="?draft=use"' in offered
    assert 'value="Ward round"' not in offered
    assert "Use it" not in await page(stranger, CREATE)


async def test_it_is_in_the_boxes_when_it_is_used(owner: Person) -> None:
    await keep(owner)
    shown = await page(owner, f"{CREATE}?draft=use")
    assert 'value="Ward round"' in shown
    assert "&lt;b&gt;" in shown
    assert "It is not saved yet." in shown
    assert "There is a problem" not in shown


async def test_it_is_gone_once_it_was_sent_and_not_when_it_was_refused(owner: Person) -> None:
    await keep(owner)
    assert (await owner.client.post(CREATE, data={"name": ""}, headers=PAGE)).status_code == 422
    assert "Use it" in await page(owner, CREATE)
    assert (await owner.client.post(CREATE, data={"name": "Ward round"}, headers=PAGE)).status_code == 303
    assert "Use it" not in await page(owner, CREATE)


async def test_a_list_keeps_its_entries_and_the_version_is_the_one_that_was_read(owner: Person, hazard: str) -> None:
    await keep(owner, f"{hazard}edit/", "version=1&causes=First&causes=Second%0D%0Aline&causes=")
    answer = await owner.client.post(f"{hazard}edit/", json={"version": 1, "owner": "Pharmacy"})
    assert answer.status_code == 200
    shown = await page(owner, f"{hazard}edit/?draft=use")
    assert ">First</textarea>" in shown
    assert ">Second\nline</textarea>" in shown
    assert 'name="version" value="1"' in shown


@pytest.mark.parametrize(
    "path",
    ["/auth/login/", "/account/password/", "/account/drafts/", "/nowhere/", "//evil.example/", "", "/projects/create"],
)
async def test_of_other_pages_none_is_kept(owner: Person, path: str) -> None:
    answer = await keep(owner, path)
    assert answer.status_code == 422
    assert [problem["field"] for problem in answer.json()["errors"]] == ["path"]


@pytest.mark.parametrize("form", ["x=%FF", "&".join(f"f{number}=" for number in range(1001))])
async def test_what_cannot_be_read_again_is_only_offered(owner: Person, form: str) -> None:
    await keep(owner, form=form)
    assert "We kept what you typed" in await page(owner, f"{CREATE}?draft=use")


async def test_only_people_who_are_signed_in(client: httpx.AsyncClient) -> None:
    answer = await client.post("/account/drafts/", json={"path": CREATE, "form": "name=A"})
    assert answer.status_code == 401
